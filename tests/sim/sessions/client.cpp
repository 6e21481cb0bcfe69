#include "tests/sim/sessions/client.h"

#include <algorithm>
#include <utility>

#include "protocol/base/text.h"

namespace glasspost::sim::reference {
namespace {

std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') out += "\\n";
    else if (c != '\r') out += c;
  }
  return out;
}

}  // namespace

Client::Client(Service& service, ConnectionId connection, Instant now, std::string* transcript, std::string name)
    : now_(now), transcript_(transcript), name_(std::move(name)) {
  peer_ = service.accept({connection, now, "client", "192.0.2.1", [this] { woken_ = true; }});
  listen();
}

void Client::say(const std::string& line) {
  forget();
  *transcript_ += "C" + name_ + ": " + printable(line.substr(0, line.size() - 2)) + "\n";
  peer_->receive(line, now_, no_record);
  listen();
}

void Client::listen() {
  woken_ = false;
  for (std::string some = peer_->take_output(now_); !some.empty(); some = peer_->take_output(now_)) read(some);
}

void Client::forget() {
  fetched.clear(), conditions.clear();
  found.reset(), status.reset(), tagged.reset(), found_modseq.reset(), told_modseq.reset();
  vanished_earlier.clear();
  expunges = lines = 0;
  continued = false;
}

void Client::complain(std::string what) {
  if (complaint.empty()) complaint = "client " + name_ + ": " + std::move(what);
}

void Client::read(std::string_view octets) {
  for (;;) {
    const imap::Framer::Step step = framer_.next(octets);
    if (step == imap::Framer::Step::more) return;
    if (step == imap::Framer::Step::literal) {
      framer_.keep();
      continue;
    }
    const std::string text(framer_.text());
    *transcript_ += "S" + name_ + ": " + printable(text.substr(0, text.size() - 2)) + "\n";
    ++lines;
    auto response = imap::parse_response(text);
    if (!response) return complain("was sent what the grammar refuses: " + text);
    take(std::move(*response));
  }
}

void Client::take(imap::Response response) {
  if (auto* condition = std::get_if<imap::ConditionData>(&response.body)) {
    if (condition->condition == imap::Condition::bye) complain("was sent away");
    learn_modseq(condition->code, response.tag != "*");
    if (condition->code.name == "CLOSED") belief = {};
    if (response.tag == "*") conditions.push_back(std::move(*condition));
    else tagged = std::move(*condition);
  } else if (response.tag == "+") {
    continued = true;
  } else if (const auto* exists = std::get_if<imap::ExistsData>(&response.body)) {
    if (exists->count < belief.letters.size()) complain("EXISTS takes letters away");
    belief.letters.resize(exists->count);
  } else if (const auto* recent = std::get_if<imap::RecentData>(&response.body)) {
    belief.recent = recent->count;
  } else if (const auto* expunge = std::get_if<imap::ExpungeData>(&response.body)) {
    ++expunges;
    if (quick) complain("was told EXPUNGE after it had enabled QRESYNC");
    if (expunge->sequence > belief.letters.size()) return complain("EXPUNGE of a letter that is not there");
    belief.letters.erase(belief.letters.begin() + expunge->sequence - 1);
  } else if (const auto* flags = std::get_if<imap::FlagsData>(&response.body)) {
    belief.known_flags = {flags->flags.begin(), flags->flags.end()};
  } else if (auto* search = std::get_if<imap::SearchData>(&response.body)) {
    found = std::move(search->numbers);
    found_modseq = search->modseq;
  } else if (auto* told = std::get_if<imap::StatusData>(&response.body)) {
    status = std::move(*told);
  } else if (const auto* vanished = std::get_if<imap::VanishedData>(&response.body)) {
    believe(*vanished);
  } else if (auto* fetch = std::get_if<imap::FetchData>(&response.body)) {
    believe(*fetch);
    fetched.push_back(std::move(*fetch));
  }
}

// RFC 7162 section 6: HIGHESTMODSEQ counts; without one, the greatest MODSEQ, once the command is completed.
void Client::learn_modseq(const imap::Code& code, bool ends_command) {
  if (const auto modseq = imap::modseq_of(code)) {
    belief.modseq = *modseq;
    told_modseq = modseq;
    told_since_ = true;
  }
  if (!ends_command) return;
  if (!std::exchange(told_since_, false)) belief.modseq = std::max(belief.modseq, heard_modseq_);
  heard_modseq_ = 0;
}

void Client::believe(const imap::VanishedData& vanished) {
  if (!quick) return complain("was told VANISHED and has not enabled QRESYNC");
  for (const auto& [first, last] : vanished.uids.resolved(0)) {
    for (std::uint32_t uid = first; uid <= last; ++uid) {
      if (vanished.earlier) {
        vanished_earlier.insert(uid);
        continue;
      }
      ++expunges;
      const auto gone = std::find_if(belief.letters.begin(), belief.letters.end(), [uid](const Told& told) { return told.uid == uid; });
      if (gone == belief.letters.end()) return complain("VANISHED of a letter that is not there");
      belief.letters.erase(gone);
    }
  }
}

void Client::believe(const imap::FetchData& fetch) {
  if (fetch.sequence > belief.letters.size()) return complain("FETCH of a letter that is not there");
  Told& letter = belief.letters[fetch.sequence - 1];
  if (fetch.uid) {
    if (letter.uid && letter.uid != fetch.uid) complain("a letter has changed its UID");
    letter.uid = fetch.uid;
  }
  heard_modseq_ = std::max(heard_modseq_, fetch.modseq.value_or(0));
  if (!fetch.flags) return;
  // The driver asks for RFC822.SIZE in every FETCH: what comes without is news.
  if (aware && !fetch.size && !(fetch.uid && fetch.modseq)) complain("was told of a change without UID or MODSEQ");
  letter.flags = std::set<std::string>(fetch.flags->begin(), fetch.flags->end());
  for (const std::string& flag : *fetch.flags)
    if (flag != "\\Recent" && !belief.known_flags.contains(flag)) complain("the flag " + flag + " was never announced");
}

}  // namespace glasspost::sim::reference
