#include "app/export/names.h"

#include "protocol/fault_words.h"

namespace glasspost {

std::string_view json_name(Side side) { return side == Side::client ? "client" : "server"; }

std::string_view json_name(MessageKind kind) {
  switch (kind) {
    case MessageKind::command: return "command";
    case MessageKind::answer: return "answer";
    case MessageKind::content: return "content";
    case MessageKind::greeting: return "greeting";
    case MessageKind::reply: return "reply";
    case MessageKind::untagged: return "untagged";
    case MessageKind::continuation: return "continuation";
    case MessageKind::query: return "query";
    case MessageKind::handshake: return "handshake";
    case MessageKind::stray: return "stray";
  }
  return "";
}

std::string_view json_name(TlsMode mode) {
  switch (mode) {
    case TlsMode::plaintext: return "plaintext";
    case TlsMode::starttls: return "starttls";
    case TlsMode::implicit: return "implicit";
  }
  return "";
}

std::string_view json_name(StoreChange change) {
  switch (change) {
    case StoreChange::added: return "added";
    case StoreChange::flags: return "flags";
    case StoreChange::expunged: return "expunged";
    case StoreChange::read_back: return "read_back";
    case StoreChange::created: return "created";
    case StoreChange::deleted: return "deleted";
    case StoreChange::renamed: return "renamed";
    case StoreChange::cleared: return "cleared";
    case StoreChange::body: return "body";
  }
  return "";
}

std::string_view json_name(QueueChange change) {
  switch (change) {
    case QueueChange::accepted: return "accepted";
    case QueueChange::attempt: return "attempt";
    case QueueChange::deferred: return "deferred";
    case QueueChange::delivered: return "delivered";
    case QueueChange::bounced: return "bounced";
    case QueueChange::expired: return "expired";
    case QueueChange::held: return "held";
    case QueueChange::released: return "released";
    case QueueChange::dropped: return "dropped";
  }
  return "";
}

std::string_view json_name(FaultKind kind) { return word_of(kind); }

}  // namespace glasspost
