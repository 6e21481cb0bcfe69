// APPEND, of one message or several, and REPLACE: RFC 3501 section 6.3.11, RFC 3502, RFC 3516, RFC 8508.
#include <algorithm>

#include "protocol/base/text.h"
#include "protocol/mime/header.h"
#include "protocol/mime/recode.h"
#include "sim/services/imap_peer.h"

namespace glasspost::sim {
namespace {

bool has_headers_beyond_ascii(std::string_view text) {
  const std::string_view headers = text.substr(0, mime::header_end(text));
  return std::any_of(headers.begin(), headers.end(), is_eight_bit);
}

}  // namespace

// False, and it has been answered: it cannot be taken.
bool ImapPeer::take_message(Appending& appending, imap::AppendMessage& message) {
  // RFC 6855 section 4
  if (offers(imap::Extension::utf8_accept) && !session_.enabled(imap::Extension::utf8_accept) && has_headers_beyond_ascii(message.text))
    return no("Headers beyond ASCII are for clients that have said ENABLE UTF8=ACCEPT", {"CANNOT", {}}), false;
  if (message.text.empty() && offers(imap::Extension::multiappend)) return no("Cancelled: an empty message"), false;
  if (message.binary) {
    auto text = mime::without_nul(std::move(message.text));
    if (!text) return no("There is a NUL where no encoding can take it", {"UNKNOWN-CTE", {}}), false;
    message.text = std::move(*text);
  }
  NewMessage made{make_content(std::move(message.text)), std::move(message.flags), now_, 0};
  if (message.date) made.date = message.date->at, made.zone_minutes = message.date->zone_minutes;
  appending.messages.push_back(std::move(made));
  return true;
}

void ImapPeer::run(imap::Append& append) {
  Appending appending{.to = account_->find(append.mailbox), .messages = {}};
  if (!appending.to) return refuse(StoreFault::no_such_mailbox, true);
  for (imap::AppendMessage& message : append.messages)
    if (!take_message(appending, message)) return;
  appending_.emplace(std::move(appending));
  continue_append();
}

// RFC 8508: as one action, the new one comes and the old one goes.
void ImapPeer::run(imap::Replace& replace) {
  if (refuse_read_only()) return;
  const auto numbers = named(replace.message, replace.uid);
  if (!numbers) return;
  bool gone = numbers->empty();
  const auto uids = uids_of(*numbers, gone);
  if (gone) return no("The message that was to be replaced is not there", {"EXPUNGEISSUED", {}});
  Appending appending{.to = account_->find(replace.mailbox), .messages = {}, .replaced = uids.front()};
  if (!appending.to) return refuse(StoreFault::no_such_mailbox, true);
  if (!take_message(appending, replace.with)) return;
  appending_.emplace(std::move(appending));
  continue_append();
}

// A large message takes the disk a while: in the real world others have their turns in between.
void ImapPeer::continue_append() {
  for (; appending_->prepared < appending_->messages.size(); ++appending_->prepared)
    while (store_.prepare(appending_->messages[appending_->prepared].content))
      if (!admission_.client_is_ours) return;
  Appending ready = std::move(*appending_);
  appending_.reset();
  std::vector<Uid> uids;
  for (NewMessage& message : ready.messages) {
    const auto uid = ready.to->add(std::move(message), act());
    if (uid) {
      uids.push_back(*uid);
      continue;
    }
    ready.to->expunge(uids, act());  // all of them or none
    return refuse(uid.error(), true);
  }
  if (ready.replaced) {
    if (const auto done = mailbox().expunge(std::span(&*ready.replaced, 1), act()); !done) {
      ready.to->expunge(uids, act());
      return refuse(done.error());
    }
    session_.write().condition(imap::Condition::ok, imap::Code::append_uid(ready.to->uid_validity(), imap::SequenceSet::of(uids)),
                               "This is in its place");
    return ok("REPLACE completed");
  }
  ok("APPEND completed", made(imap::Code::append_uid(ready.to->uid_validity(), imap::SequenceSet::of(uids))));
}

}  // namespace glasspost::sim
