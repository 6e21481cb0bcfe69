// What an MTA lets in, and who it is for then: relaying, greylisting, aliases, forwarding, lists, vacations.
#include <fmt/format.h>

#include <algorithm>

#include "protocol/base/text.h"
#include "sim/mta.h"

namespace glasspost::sim {
namespace {

constexpr unsigned deepest = 10;  // aliases of aliases

std::size_t count_received(std::string_view content) {
  std::size_t count = 0, at = 0;
  while (at < content.size() && !content.substr(at).starts_with("\r\n")) {
    if (starts_with_ignoring_case(content.substr(at), "received:")) ++count;
    const auto end = content.find("\r\n", at);
    if (end == content.npos) break;
    at = end + 2;
  }
  return count;
}

std::string domain_of(std::string_view address) {
  const auto at = address.rfind('@');
  return at == address.npos ? std::string() : to_lower(address.substr(at + 1));
}

}  // namespace

bool Mta::is_ours(std::string_view address) const {
  const std::string domain = domain_of(address);
  return domain.empty() || domain == settings_.domain;
}

const Redirect* Mta::redirect_of(std::string_view address) const {
  for (const Redirect& redirect : settings_.redirects)
    if (equal_ignoring_case(redirect.address, address)) return &redirect;
  return nullptr;
}

smtp::Reply Mta::recipient(const smtp::Rcpt& rcpt, const Visit& visit) {
  const std::string& address = rcpt.forward_path.text;
  const bool ours = is_ours(address);
  if (!ours && visit.identity.empty() && !settings_.flaws.has(Flaw::open_relay)) return {550, {5, 7, 1}, "Relaying is only for those who have logged in"};
  const bool leads_on = redirect_of(address) || original_sender(address, secret_) ||
                        std::any_of(settings_.redirects.begin(), settings_.redirects.end(), [&](const Redirect& redirect) {
                          return redirect.kind == Redirect::Kind::list && equal_ignoring_case(list_bounces(redirect.address), address);
                        });
  if (ours && users_ && !leads_on && !users_->exists(address))
    return {550, {5, 1, 1}, settings_.deliver_to ? "No such mailbox in " + settings_.domain : "No such mailbox here"};
  if (auto not_yet = greylisted(rcpt, visit)) return *not_yet;
  return {250, {2, 1, 5}, "Ok"};
}

// RFC 6647 section 2: who is known by now is not asked again.
std::optional<smtp::Reply> Mta::greylisted(const smtp::Rcpt& rcpt, const Visit& visit) {
  if (!visit.identity.empty() || (settings_.greylist == 0 && settings_.greylist_for == Duration{})) return std::nullopt;
  Tried& tried = greylisted_[fmt::format("{} {} {}", visit.client_address, visit.mail.reverse_path.text, to_lower(rcpt.forward_path.text))];
  if (tried.times == 0) tried.first = visit.now;
  const bool known = tried.times >= std::max(settings_.greylist, 1U) && visit.now - tried.first >= settings_.greylist_for;
  if (known) return std::nullopt;
  ++tried.times;
  return smtp::Reply{451, {4, 7, 1}, "Not now: come back later, as a real server does"};
}

bool Mta::may_send_as(std::string_view identity, const smtp::Mail& mail) {
  if (!users_ || mail.reverse_path.is_null()) return true;
  const auto canonical = users_->canonical(mail.reverse_path.text);
  return canonical && canonical == users_->canonical(identity);
}

void Mta::add(std::vector<Going>& ways, const std::string& reverse_path, const std::string& head, Recipient recipient) {
  for (Going& going : ways) {
    if (going.reverse_path != reverse_path || going.head != head) continue;
    for (const Recipient& other : going.recipients)
      if (equal_ignoring_case(other.address, recipient.address)) return;  // by two ways: one letter will do
    return going.recipients.push_back(std::move(recipient));
  }
  ways.push_back({reverse_path, head, {std::move(recipient)}});
}

void Mta::go_to(const Redirect& redirect, const Recipient& named, const std::string& reverse_path, std::vector<Going>& ways, unsigned depth) {
  std::string from = reverse_path, head;
  smtp::RcptWishes wishes = named.wishes;
  switch (redirect.kind) {
    case Redirect::Kind::alias:
      // RFC 3461 section 5.2.7: who asked for news of success hears of it where the one address becomes many.
      if (redirect.to.size() > 1 && wishes.notify) wishes.notify->success = false;
      break;
    case Redirect::Kind::forward:
      if (redirect.rewrite && !from.empty()) from = rewritten_sender(from, settings_.domain, secret_);
      break;
    case Redirect::Kind::list:
      from = list_bounces(redirect.address);
      head = list_fields(redirect);
      wishes = {};  // from here on the list is the sender
      break;
  }
  for (const std::string& to : redirect.to) {
    const Recipient next{to, is_ours(to) ? settings_.domain : domain_of(to), false, {}, wishes};
    const Redirect* further = redirect_of(to);
    if (further && further != &redirect && depth < deepest) go_to(*further, next, from, ways, depth + 1);
    else add(ways, from, head, next);
  }
}

void Mta::route(const Recipient& named, const std::string& reverse_path, std::vector<Going>& ways) {
  const auto sender = original_sender(named.address, secret_);
  if (sender && is_ours(named.address)) return add(ways, reverse_path, {}, {*sender, domain_of(*sender), false, {}, named.wishes});
  for (const Redirect& list : settings_.redirects)  // what comes back from members is the owner's business, and nobody answers it
    if (list.kind == Redirect::Kind::list && equal_ignoring_case(list_bounces(list.address), named.address))
      return add(ways, {}, {}, {list.owner, domain_of(list.owner), false, {}});
  if (const Redirect* redirect = redirect_of(named.address)) go_to(*redirect, named, reverse_path, ways, 0);
  else add(ways, reverse_path, {}, named);
}

void Mta::post(const std::string& to, std::string content, bool utf8, RecordId cause) {
  std::vector<Going> ways;
  route({to, domain_of(to), false, {}}, {}, ways);
  for (Going& going : ways) {
    Letter letter;
    letter.queue_id = random_.name(6);
    letter.content = std::make_shared<const std::string>(going.head + content);
    letter.recipients = std::move(going.recipients);
    letter.wishes.utf8 = utf8;
    enqueue(std::move(letter), cause);
  }
}

// Nothing: it goes somewhere. Else why it can't.
std::optional<smtp::Reply> Mta::redirect(const smtp::Rcpt& rcpt, const Received& received, std::vector<Going>& ways) {
  const std::string& address = rcpt.forward_path.text;
  const std::string& domain = rcpt.forward_path.domain;
  if (const Redirect* redirect = redirect_of(address); redirect && redirect->kind == Redirect::Kind::list) {
    const auto id = field_of(received.letter.content, "List-Id");
    if (id && id->find('<' + list_id(redirect->address) + '>') != std::string::npos)
      return smtp::Reply{554, {5, 4, 6}, "This letter has been through the list already"};
  }
  route({address, domain.empty() ? settings_.domain : to_lower(domain), false, {}, smtp::wishes_of(rcpt)},
        received.letter.mail.reverse_path.text, ways);
  return std::nullopt;
}

std::vector<smtp::Reply> Mta::take(Received received) {
  const auto& named = received.letter.recipients;
  if (count_received(received.letter.content) >= settings_.most_hops)
    return std::vector<smtp::Reply>(named.size(), smtp::Reply{554, {5, 4, 6}, "Too many hops: this letter runs in circles"});
  const std::string id = random_.name(6);
  std::vector<smtp::Reply> replies;
  std::vector<Going> ways;
  for (const smtp::Rcpt& rcpt : named) {
    auto refusal = redirect(rcpt, received, ways);
    replies.push_back(refusal ? *std::move(refusal) : smtp::Reply{250, {2, 0, 0}, "Ok: queued as " + id});
  }
  const std::string for_whom = named.size() == 1 ? named[0].forward_path.text : "";
  const std::string head = received_header(received, settings_.host_name, id, for_whom);
  const smtp::MailWishes wishes = smtp::wishes_of(received.letter.mail);
  bool first = true;
  for (Going& going : ways) {
    Letter letter;
    letter.queue_id = std::exchange(first, false) ? id : random_.name(6);
    letter.reverse_path = going.reverse_path;
    letter.content = std::make_shared<const std::string>(going.head + head + received.letter.content);
    letter.recipients = std::move(going.recipients);
    letter.wishes = wishes;
    letter.binary = received.letter.binary;
    enqueue(std::move(letter), received.cause);
  }
  // RFC 3461 section 5.2.7: a list has the letter now, or the many behind an alias will.
  for (const smtp::Rcpt& rcpt : named) {
    const Redirect* redirect = redirect_of(rcpt.forward_path.text);
    const smtp::RcptWishes wanted = smtp::wishes_of(rcpt);
    if (!redirect || !wanted.notify || !wanted.notify->success || redirect->kind == Redirect::Kind::forward || redirect->to.size() < 2) continue;
    Letter told;
    told.queue_id = id;
    told.reverse_path = received.letter.mail.reverse_path.text;
    told.content = std::make_shared<const std::string>(received.letter.content);
    told.accepted = received.now;
    told.cause = received.cause;
    told.wishes = wishes;
    told.recipients.push_back({rcpt.forward_path.text, settings_.domain, true, "250 2.0.0 Ok", wanted});
    report(told, redirect->kind == Redirect::Kind::list ? ReportAction::delivered : ReportAction::expanded, {0});
  }
  return replies;
}

// RFC 3834: in the name of whoever is away, from the null reverse-path, so that nothing answers it.
void Mta::answer_for(const Letter& letter, const Recipient& recipient) {
  for (const Vacation& vacation : settings_.vacations) {
    if (!equal_ignoring_case(vacation.address, recipient.address)) continue;
    if (!may_answer(*letter.content, letter.reverse_path, vacation.address)) return;
    const Instant now = network_.clock().now();
    Instant& last = answered_[to_lower(vacation.address) + ' ' + to_lower(letter.reverse_path)];
    if (last != Instant{} && now - last < vacation.again_after) return;
    last = now;
    const std::string message_id = fmt::format("{}@{}", random_.name(10), settings_.host_name);
    return post(letter.reverse_path, vacation_text(vacation, *letter.content, letter.reverse_path, message_id, now), false, letter.cause);
  }
}

}  // namespace glasspost::sim
