// Goals: predicates over the world and the trace. The vocabulary is closed; assets/lessons/README.md explains each to
// whoever writes a lesson. A fact is a number that changes with time; a predicate compares it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "protocol/kinds.h"
#include "protocol/machine.h"
#include "protocol/trace.h"

namespace glasspost::lessons {

// Which connections; what is not named does not matter.
struct Where {
  std::optional<Protocol> protocol;
  std::string client, server;           // hosts
  std::uint16_t port = 0;               // the server's; 0: any
  ConnectionId connection = 0;          // 0: any; a lesson never names one, OneConnection tries each
};

// How many commands were answered so. Those of one connection never count before their reply arrived.
struct Exchange {
  Where where;
  std::string command;                  // "EHLO", "UID FETCH"; "greeting"; empty: any
  std::string reply;                    // the reply begins with it: "250", "5", "OK", "+OK", "-ERR"; empty: any
  std::string text, reply_text;         // the command, the reply contain this; in any case (a, A)
  std::optional<bool> sealed;           // said inside TLS, or in the clear
};
// How many of the commands, in this order on one connection and accepted, at best.
struct Sequence {
  Where where;
  std::vector<std::string> commands;
  bool clean = false;                   // a connection counts no further once a command is refused on it
};
// How many of these states were visited, on whatever connection.
struct States {
  Where where;                          // its protocol is always there
  std::vector<StateId> states;
};
// How many connections were opened.
struct Connections { Where where; };
// How many connections ended without a goodbye: nobody said QUIT or LOGOUT on them.
struct Cut { Where where; };
// How many connections TLS protects, or did until they closed.
struct Tls { Where where; };
// How many octets were said in the clear.
struct ClearOctets { Where where; };
// How many octets crossed the wire, whatever they were.
struct WireOctets { Where where; };
// How often somebody who listens on the wire could read this text: as it is, in Base64, in a DNS question, in an
// unencrypted TLS handshake.
struct Readable {
  Where where;
  std::string text;
};
// How many letters a mailbox holds. Servers and devices have mailboxes.
struct Mailbox {
  std::string holder, user, mailbox = "INBOX";
  std::string subject, key;             // contains; is the Message-ID
  std::vector<std::string> flags, without;
};
// How many copies of a letter there are at these holders together.
struct Copies {
  std::vector<std::string> holders;
  std::string subject, key;
};
// How many letters these holders once had and none of them has now.
struct Lost {
  std::vector<std::string> holders;
  std::string subject, key;
};
// How many letters are not the same in the INBOX of all holders: missing at one, or with other flags.
struct Differences {
  std::vector<std::string> holders;
  bool flags = true;
};
// How many letters were accepted with such an envelope and content: DATA's last reply was 250, or one of LMTP's.
struct Envelope {
  Where where;
  std::string sender, recipient;        // the paths, if they matter
  std::optional<bool> recipient_in_to;  // RCPT's path is among To and Cc
  std::optional<bool> sender_is_from;   // MAIL's path is From's address
  std::string subject, body;            // contain; in any case (a, A); what stands before and behind the first empty line
};
// How many letters are in that state of a queue.
struct Queue {
  std::string host, recipient;
  std::vector<QueueChange> states;
};
// 1 if that prediction was made and was right.
struct Predicted { std::string prediction; };
struct Predicate;
// How many of these are so at once.
struct All { std::vector<Predicate> of; };
// How many of these are so on one and the same connection, at best. Only facts about what was said.
struct OneConnection { std::vector<Predicate> of; };

using Fact = std::variant<Exchange, Sequence, States, Connections, Cut, Tls, ClearOctets, WireOctets, Readable, Mailbox, Copies,
                          Lost, Differences, Envelope, Queue, Predicted, All, OneConnection>;

struct Predicate {
  Fact fact;
  std::uint64_t at_least = 1, at_most = UINT64_MAX;
  bool since_step = false;              // what was said before its step began does not count
  bool is_so(std::uint64_t number) const { return number >= at_least && number <= at_most; }
};

// Which connections a fact about what was said speaks of; null: it speaks of what is.
const Where* where_of(const Fact&);
Where* where_of(Fact&);

enum class GoalKind : std::uint8_t {
  reached,  // was so once; stays reached
  holds,    // is so now
  never,    // was never so
  count,    // is so now, and the number is what matters
};
struct Goal {
  std::string id;
  GoalKind kind = GoalKind::reached;
  Predicate predicate;
};

}  // namespace glasspost::lessons
