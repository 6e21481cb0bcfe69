// A client that believes what it is told, and nothing else: it says lines, reads what comes octet by octet, and keeps the
// picture of the mailbox that a mail program would have by now. It complains of whatever no server may say.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/imap/framer.h"
#include "protocol/imap/response.h"
#include "sim/peer.h"

namespace glasspost::sim::reference {

struct Told {
  std::optional<std::uint32_t> uid;
  std::optional<std::set<std::string>> flags;
};

struct Belief {
  std::vector<Told> letters;          // by sequence number
  std::uint32_t recent = 0;
  std::set<std::string> known_flags;  // FLAGS
  std::uint64_t modseq = 0;           // up to which it knows all: RFC 7162 section 6
};

class Client {
 public:
  Client(Service&, ConnectionId, Instant now, std::string* transcript, std::string name);

  // ---- what is said and heard
  void say(const std::string& line);  // with its CRLF; then everything that comes is read
  void listen();                      // what comes unasked
  bool woken() const { return woken_; }

  // ---- what has come since the last say() or forget()
  std::vector<imap::FetchData> fetched;
  std::vector<imap::ConditionData> conditions;      // untagged
  std::optional<std::vector<std::uint32_t>> found;  // SEARCH
  std::optional<imap::StatusData> status;
  std::optional<std::uint64_t> found_modseq, told_modseq;  // of a SEARCH; the last HIGHESTMODSEQ
  std::set<std::uint32_t> vanished_earlier;
  std::optional<imap::ConditionData> tagged;
  std::size_t expunges = 0, lines = 0;
  bool continued = false;
  void forget();

  Belief belief;
  bool aware = false, quick = false;  // it has enabled CONDSTORE, QRESYNC
  std::string complaint;  // the first thing that no server may say; empty: none

 private:
  void read(std::string_view octets);
  void take(imap::Response);
  void believe(const imap::FetchData&);
  void believe(const imap::VanishedData&);
  void learn_modseq(const imap::Code&, bool tagged);
  void complain(std::string what);

  std::unique_ptr<Peer> peer_;
  Instant now_;
  imap::Framer framer_{imap::Framer::Said::responses, 1 << 24};
  std::string* transcript_;
  std::string name_;
  bool woken_ = false;
  std::uint64_t heard_modseq_ = 0;  // the greatest since the last command was completed
  bool told_since_ = false;         // HIGHESTMODSEQ was, since then
};

}  // namespace glasspost::sim::reference
