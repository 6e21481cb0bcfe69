#include "sim/services/smtp.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "protocol/base/text.h"
#include "sim/broken.h"
#include "sim/reports.h"
#include "sim/services/session_peer.h"
#include "protocol/base/overloaded.h"

namespace glasspost::sim {
namespace {

constexpr std::size_t portion = 2 * 1024 * 1024;  // of a large letter, before others have a turn

smtp::Reply no_room_now() { return {452, {4, 3, 1}, "Too many letters are under way here; try again later"}; }

// RFC 1870: 0 if the client has not said it.
std::uint64_t declared_size(const smtp::Mail& mail) {
  const smtp::Parameter* size = smtp::find_parameter(mail.parameters, "SIZE");
  return size && size->value ? to_u64(*size->value).value_or(0) : 0;
}

class SmtpPeer final : public SessionPeer<smtp::ServerSession> {
 public:
  SmtpPeer(Endpoint::Settings endpoint, smtp::ServerSettings session, Postmaster& postmaster, const Users* users,
           LettersUnderWay* under_way, Trace& trace, Admission admission)
      : SessionPeer(std::move(endpoint), std::move(session), trace, std::move(admission)),
        postmaster_(postmaster),
        users_(users),
        under_way_(under_way) {}

 private:
  void work() override {
    if (large_ && !go_on_with_letter()) return;
    while (auto event = session_.poll()) {
      std::visit(Overloaded{
                     [&](smtp::MailAsked& asked) { mail(asked.mail); },
                     [&](smtp::RecipientAsked& asked) {
                       session_.reply(postmaster_.recipient(asked.recipient, {session_.identity(), admission_.client_address, mail_, now_}));
                     },
                     [&](smtp::LoginAsked& asked) { login(asked.attempt); },
                     [&](smtp::LetterCame& came) { letter(std::move(came.letter)); },
                     [&](const smtp::VerifyAsked&) { session_.reply({252, {2, 1, 5}, "Send the letter and see"}); },
                     [](const auto&) {},
                 },
                 *event);
    }
    if (!large_ && !under_way_.hold(session_.content_octets())) {
      session_.refuse_content(no_room_now());
      under_way_.hold(0);
    }
  }
  bool goes_on() const override { return large_.has_value(); }
  bool holds_eof() const override { return large_.has_value(); }

  void say_goodbye() override { session_.shut_down("The service is closing, come back later"); }

  void mail(const smtp::Mail& mail) {
    if (declared_size(mail) > under_way_.room()) return session_.reply(no_room_now());
    if (!session_.identity().empty() && !postmaster_.may_send_as(session_.identity(), mail))
      session_.reply({550, {5, 7, 1}, "You may not send as that address"});
    else mail_ = mail, session_.accept();
  }

  void login(const sasl::Attempt& attempt) {
    session_.decide_login(users_ ? sasl::verify(*users_, attempt) : sasl::Verdict{});
  }

  void letter(smtp::Letter letter) {
    large_.emplace(Received{std::move(letter), admission_.client_address, now_, endpoint_.cause(), admission_.connection});
    go_on_with_letter();
  }

  // A large letter takes a while: in the real world others have their turns in between. True: it has been answered.
  bool go_on_with_letter() {
    if (!session_.awaits_reply()) return large_.reset(), true;  // the connection has ended meanwhile
    while (postmaster_.prepare(*large_))
      if (!admission_.client_is_ours) return false;
    Received received = std::move(*large_);
    large_.reset();
    const bool each = session_protocol_is_lmtp(received.letter);
    std::vector<smtp::Reply> replies = postmaster_.take(std::move(received));
    if (each) session_.reply(std::move(replies));
    else session_.reply(one_of(replies));
    return true;
  }

  static bool session_protocol_is_lmtp(const smtp::Letter& letter) { return letter.with.find("LMTP") != std::string::npos; }

  // SMTP answers once for all recipients: a refusal only if nobody gets the letter.
  static smtp::Reply one_of(const std::vector<smtp::Reply>& replies) {
    for (const smtp::Reply& reply : replies)
      if (reply.is_positive()) return reply;
    return replies.empty() ? smtp::Reply{554, {5, 5, 0}, "No recipients"} : replies.front();
  }

  Postmaster& postmaster_;
  const Users* users_;
  smtp::Mail mail_;  // the newest that was accepted
  Share under_way_;
  std::optional<Received> large_;  // has come, and is being made ready
};

}  // namespace

SmtpService::SmtpService(Settings settings, Postmaster& postmaster, const Users* users, Trace& trace)
    : settings_(std::move(settings)), postmaster_(postmaster), users_(users), trace_(trace) {}

std::unique_ptr<Peer> SmtpService::accept(Admission admission) {
  smtp::ServerSettings session;
  session.protocol = settings_.protocol;
  session.role = settings_.role;
  session.tls = tls_offered(settings_);
  session.host_name = settings_.host_name;
  session.greeting = settings_.protocol == Protocol::lmtp ? "LMTP Glasspost" : "ESMTP Glasspost";
  session.allow_plaintext_auth = settings_.allow_plaintext_auth;
  session.max_size = settings_.max_size;
  session.max_recipients = settings_.max_recipients;
  session.extensions = settings_.extensions;
  session.mechanisms = settings_.logins.mechanisms;
  session.nonce = settings_.logins.nonce_for(admission);
  session.salt_seed = settings_.logins.salt_seed;
  session.flaws = settings_.flaws;
  if (settings_.records) tell_flaws(trace_, admission, settings_.protocol, settings_.flaws);
  return std::make_unique<SmtpPeer>(server_end(settings_.protocol, settings_, admission), std::move(session), postmaster_, users_,
                                    settings_.under_way, trace_, std::move(admission));
}

std::string received_header(const Received& received, std::string_view host_name, std::string_view id,
                            std::string_view for_whom) {
  // RFC 5321 section 4.1.3: an IPv6 address in brackets says that it is one.
  const bool six = received.client_address.find(':') != std::string::npos;
  std::string header = fmt::format("Received: from {} ([{}{}])\r\n\tby {} with {} id {}", received.letter.client_name,
                                   six ? "IPv6:" : "", received.client_address, host_name, received.letter.with, id);
  if (!for_whom.empty()) header += fmt::format("\r\n\tfor <{}>", for_whom);
  return header + "; " + rfc5322_date(received.now) + "\r\n";
}

MailboxPostmaster::MailboxPostmaster(Store& store, std::string host_name)
    : store_(store), host_name_(std::move(host_name)) {}

smtp::Reply MailboxPostmaster::recipient(const smtp::Rcpt& rcpt, const Visit&) {
  const std::string& domain = rcpt.forward_path.domain;
  if (!domain.empty() && !equal_ignoring_case(domain, store_.users().domain()))
    return {550, {5, 7, 1}, "Mail for that domain is not relayed here"};
  if (!store_.users().exists(rcpt.forward_path.text)) return {550, {5, 1, 1}, "No such mailbox here"};
  return {250, {2, 1, 5}, "Ok"};
}

// One text for all, so that a large letter to many is held once. "for" would tell each of them of one other, so it is said
// only where there is one (RFC 5321 section 7.2).
bool MailboxPostmaster::prepare(Received& received) {
  if (received.content) return store_.prepare(received.content);
  const std::string& letter = received.letter.content;
  const auto& recipients = received.letter.recipients;
  if (received.text.empty()) {
    const std::string id = fmt::format("{:x}.{}", received.now.time_since_epoch().count(), received.connection);
    const std::string_view for_whom = recipients.size() == 1 ? std::string_view(recipients[0].forward_path.text) : "";
    received.head = fmt::format("Return-Path: <{}>\r\n", received.letter.mail.reverse_path.text) +
                    received_header(received, host_name_, id, for_whom);
    received.text.reserve(received.head.size() + letter.size());
    received.text = received.head;
  }
  const std::size_t done = received.text.size() - received.head.size();
  received.text.append(letter, done, portion);
  if (done + portion < letter.size()) return true;
  received.letter.content = {};
  received.content = make_content(std::move(received.text));
  return store_.prepare(received.content);
}

std::vector<smtp::Reply> MailboxPostmaster::take(Received received) {
  while (!received.content) prepare(received);
  std::vector<smtp::Reply> replies;
  for (const smtp::Rcpt& rcpt : received.letter.recipients) {
    const Act act{received.now, received.cause, received.connection};
    const auto kept = store_.deliver(rcpt.forward_path.text, received.content, act);
    replies.push_back(kept ? smtp::Reply{250, {2, 0, 0}, "Ok: stored"} : reply_to(kept.error()));
  }
  tell_sender(received, replies);
  return replies;
}

// RFC 3461 section 6.2, as far as the sender lives here. Who is told of success: those who have asked; of failure: all but those
// who want to hear nothing, where the one reply for all could not say it.
void MailboxPostmaster::tell_sender(const Received& received, const std::vector<smtp::Reply>& replies) {
  const smtp::Mailbox& sender = received.letter.mail.reverse_path;
  if (sender.is_null() || received.letter.identity.empty()) return;
  const bool all_failed = std::none_of(replies.begin(), replies.end(), [](const smtp::Reply& reply) { return reply.is_positive(); });
  const smtp::MailWishes wishes = smtp::wishes_of(received.letter.mail);
  for (const ReportAction action : {ReportAction::delivered, ReportAction::failed}) {
    Report report;
    for (std::size_t i = 0; i < replies.size(); ++i) {
      const smtp::RcptWishes wanted = smtp::wishes_of(received.letter.recipients[i]);
      const bool good = replies[i].is_positive();
      const bool tell = action == ReportAction::delivered ? good && wanted.notify && wanted.notify->success
                                                          : !good && !all_failed && (!wanted.notify || wanted.notify->failure);
      if (!tell) continue;
      const std::string said = replies[i].text();
      report.recipients.push_back({received.letter.recipients[i].forward_path.text, wanted.original, action, status_of(said), said, {}, {}});
    }
    if (report.recipients.empty()) continue;
    report.reporting_mta = host_name_;
    report.to = sender.text;
    report.envelope_id = wishes.envelope_id;
    report.arrival = report.now = received.now;
    report.whole = action == ReportAction::failed && wishes.ret == smtp::Return::full && !received.letter.binary;
    report.utf8 = wishes.utf8;
    report.message_id = fmt::format("{}.{:x}.{}", name_of(action), received.now.time_since_epoch().count(), received.connection);
    report.boundary = "report-" + report.message_id;
    const std::string text = "Return-Path: <>\r\n" + report_text(report, received.content->text());
    static_cast<void>(store_.deliver(sender.text, make_content(text), Act{received.now, received.cause, received.connection}));
  }
}

smtp::Reply MailboxPostmaster::reply_to(StoreFault fault) {
  if (fault == StoreFault::no_room) return {452, {4, 3, 1}, "The disk is full; try again later"};
  if (fault == StoreFault::limit || fault == StoreFault::over_quota) return {452, {4, 2, 2}, "The mailbox is full"};
  return {451, {4, 3, 0}, "The mailbox could not be written; try again later"};
}

bool MailboxPostmaster::may_send_as(std::string_view identity, const smtp::Mail& mail) {
  if (mail.reverse_path.is_null()) return true;
  const auto canonical = store_.users().canonical(mail.reverse_path.text);
  return canonical && canonical == store_.users().canonical(identity);
}

}  // namespace glasspost::sim
