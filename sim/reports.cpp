#include "sim/reports.h"

#include <fmt/format.h>

#include <algorithm>

#include "protocol/base/text.h"
#include "protocol/smtp/reply.h"

namespace glasspost::sim {
namespace {

struct Words {
  std::string_view subject, sentence;
};
Words words_of(ReportAction action) {
  switch (action) {
    case ReportAction::failed:
      return {"Undelivered mail returned to sender", "Your letter could not be delivered to:"};
    case ReportAction::delayed:
      return {"Delayed mail (still being retried)", "Your letter has not been delivered yet. No need to send it again: it is still being tried for:"};
    case ReportAction::delivered: return {"Successful mail delivery report", "Your letter was delivered to:"};
    case ReportAction::relayed:
      return {"Successful mail delivery report", "Your letter was handed on to a server that sends no such reports, for:"};
    case ReportAction::expanded: return {"Successful mail delivery report", "Your letter was handed on to the members of:"};
  }
  return {};
}

bool has_eight_bit(std::string_view text) { return std::any_of(text.begin(), text.end(), is_eight_bit); }

// Whatever a peer has said stands in one line of a header field.
std::string one_line(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return out;
}

std::string recipient_fields(const ReportedRecipient& recipient, Instant now) {
  const std::string_view type = has_eight_bit(recipient.address) ? "utf-8" : "rfc822";
  std::string out = "\r\n";
  if (recipient.original)
    out += fmt::format("Original-Recipient: {}; {}\r\n", recipient.original->type, one_line(recipient.original->address));
  out += fmt::format("Final-Recipient: {}; {}\r\nAction: {}\r\nStatus: {}\r\n", type, recipient.address, name_of(recipient.action), recipient.status);
  if (!recipient.remote_mta.empty()) out += fmt::format("Remote-MTA: dns; {}\r\n", recipient.remote_mta);
  if (!recipient.diagnostic.empty()) out += fmt::format("Diagnostic-Code: smtp; {}\r\n", one_line(recipient.diagnostic));
  if (recipient.action == ReportAction::failed || recipient.action == ReportAction::delayed)
    out += fmt::format("Last-Attempt-Date: {}\r\n", rfc5322_date(now));
  if (recipient.retry_until) out += fmt::format("Will-Retry-Until: {}\r\n", rfc5322_date(*recipient.retry_until));
  return out;
}

std::string for_people(const Report& report) {
  std::string out = fmt::format("This is the mail server at {}. {}\r\n\r\n", report.reporting_mta, words_of(report.recipients.front().action).sentence);
  for (const ReportedRecipient& recipient : report.recipients) {
    out += fmt::format("  {}\r\n", recipient.address);
    if (!recipient.diagnostic.empty()) out += fmt::format("    {}\r\n", one_line(recipient.diagnostic));
    if (recipient.retry_until) out += fmt::format("    It will be tried until {}\r\n", rfc5322_date(*recipient.retry_until));
  }
  return out;
}

std::string_view headers_of(std::string_view letter) {
  const auto end = letter.find("\r\n\r\n");
  return letter.substr(0, end == letter.npos ? letter.size() : end + 2);
}

}  // namespace

std::string_view name_of(ReportAction action) {
  switch (action) {
    case ReportAction::failed: return "failed";
    case ReportAction::delayed: return "delayed";
    case ReportAction::delivered: return "delivered";
    case ReportAction::relayed: return "relayed";
    case ReportAction::expanded: return "expanded";
  }
  return "";
}

std::string status_of(std::string_view reply) {
  for (const std::string_view word : split(reply.substr(0, 32), ' '))
    if (smtp::parse_enhanced_code(word)) return std::string(word);
  const bool for_now = reply.starts_with('4');
  return reply.starts_with('2') ? "2.0.0" : for_now ? "4.0.0" : "5.0.0";
}

std::string report_text(const Report& report, std::string_view letter) {
  std::string fields = fmt::format("Reporting-MTA: dns; {}\r\n", report.reporting_mta);
  if (!report.envelope_id.empty()) fields = fmt::format("Original-Envelope-Id: {}\r\n", one_line(report.envelope_id)) + fields;
  fields += fmt::format("Arrival-Date: {}\r\n", rfc5322_date(report.arrival));
  for (const ReportedRecipient& recipient : report.recipients) fields += recipient_fields(recipient, report.now);

  const std::string_view part = report.whole ? letter : headers_of(letter);
  const std::string_view part_type = report.whole ? (report.utf8 ? "message/global" : "message/rfc822")
                                                  : (report.utf8 ? "message/global-headers" : "text/rfc822-headers");
  const std::string body = for_people(report);
  // A part is in the alphabet that it is in; the whole has to say so too (RFC 2045 section 6.4).
  const auto encoding = [](bool eight) -> std::string_view { return eight ? "Content-Transfer-Encoding: 8bit\r\n" : ""; };
  const bool eight_bit = has_eight_bit(part) || has_eight_bit(body) || has_eight_bit(fields);
  std::string text = fmt::format(
      "From: Mail Delivery System <MAILER-DAEMON@{0}>\r\nTo: <{1}>\r\nSubject: {2}\r\nDate: {3}\r\nMessage-ID: <{4}@{0}>\r\n"
      "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
      "Content-Type: multipart/report; report-type={5};\r\n\tboundary=\"{6}\"\r\n{7}\r\n",
      report.reporting_mta, report.to, words_of(report.recipients.front().action).subject, rfc5322_date(report.now), report.message_id,
      report.utf8 ? "global-delivery-status" : "delivery-status", report.boundary, encoding(eight_bit));
  text += fmt::format("--{0}\r\nContent-Type: text/plain; charset={1}\r\n{2}\r\n{3}\r\n", report.boundary,
                      has_eight_bit(body) ? "utf-8" : "us-ascii", encoding(has_eight_bit(body)), body);
  text += fmt::format("--{0}\r\nContent-Type: message/{1}\r\n{2}\r\n{3}\r\n", report.boundary,
                      report.utf8 ? "global-delivery-status" : "delivery-status", encoding(has_eight_bit(fields)), fields);
  text += fmt::format("--{0}\r\nContent-Type: {1}\r\n{2}\r\n", report.boundary, part_type, encoding(has_eight_bit(part)));
  text += part;
  if (!part.ends_with("\r\n")) text += "\r\n";
  return text + fmt::format("\r\n--{0}--\r\n", report.boundary);
}

}  // namespace glasspost::sim
