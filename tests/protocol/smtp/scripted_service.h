// A service for server sessions under test: everybody at example.com, example.org and the RFCs' hosts may send; Smith,
// Jones, Brown, bob and postmaster live here; alice and tim have passwords.
#pragma once

#include "protocol/smtp/server.h"
#include "tests/protocol/transcript.h"

namespace glasspost::test {

class SmtpSubject final : public Subject {
 public:
  explicit SmtpSubject(smtp::ServerSettings settings) : session_(std::move(settings), nine_o_clock) {}
  smtp::ServerSession& session() override { return session_; }

  void settle() override {
    using namespace smtp;
    while (auto event = session_.poll()) {
      if (const auto* mail = std::get_if<MailAsked>(&*event)) {
        senders.push_back(mail->mail.reverse_path.text);
        if (mail->mail.reverse_path.local_part == "banned") session_.reply(Reply(550, {5, 7, 1}, "You may not send"));
        else session_.accept();
      } else if (const auto* rcpt = std::get_if<RecipientAsked>(&*event)) {
        const std::string& who = rcpt->recipient.forward_path.local_part;
        if (who == "Green" || who == "nobody") session_.reply(Reply(550, {5, 1, 1}, "No such user here"));
        else session_.accept();
      } else if (const auto* login = std::get_if<LoginAsked>(&*event)) {
        const sasl::Attempt& attempt = login->attempt;
        const bool known = (attempt.identity == "alice" && attempt.proves("correct horse")) ||
                           (attempt.identity == "tim" && attempt.proves("tanstaaftanstaaf")) ||
                           (attempt.identity == "test" && attempt.proves("1234"));
        if (known) session_.accept();
        else session_.reply(Reply(535, {5, 7, 8}, "Authentication credentials invalid"));
      } else if (auto* came = std::get_if<LetterCame>(&*event)) {
        letters.push_back(std::move(came->letter));
        if (letter_replies.empty()) session_.accept();
        else session_.reply(letter_replies);
      } else if (const auto* verify = std::get_if<VerifyAsked>(&*event)) {
        if (verify->argument == "Crispin") session_.accept("Mark Crispin <Admin.MRC@foo.com>");
        else session_.reply(Reply(550, {5, 1, 1}, "No such user"));
      } else if (const auto* gone = std::get_if<LetterLost>(&*event)) {
        lost.push_back(gone->why);
      }
    }
  }

  std::vector<smtp::Letter> letters;
  std::vector<std::string> senders, lost;
  std::vector<smtp::Reply> letter_replies;

 private:
  smtp::ServerSession session_;
};

}  // namespace glasspost::test
