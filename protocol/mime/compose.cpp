#include "protocol/mime/compose.h"

#include <fmt/format.h>

#include <algorithm>

#include "protocol/base/text.h"
#include "protocol/mime/encoding.h"
#include "protocol/mime/header.h"

namespace glasspost::mime {
namespace {

constexpr std::size_t fold_column = 78;  // RFC 5322 section 2.1.1
constexpr std::size_t line_octets = 998;

// Of a value that is already in the form that the wire wants.
std::string safe(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != '\r' && c != '\n' && c != '\0') out += c;
  return out;
}

std::string address_text(const Mailbox& mailbox) {
  Address address;
  const std::size_t at = mailbox.address.rfind('@');
  address.mailbox = mailbox.address.substr(0, at);
  address.host = at == std::string::npos ? "" : mailbox.address.substr(at + 1);
  if (mailbox.name.empty()) return to_text(address);
  const bool plain = std::all_of(mailbox.name.begin(), mailbox.name.end(), is_printable) && mailbox.name.find("=?") == std::string::npos;
  if (plain) {
    address.name = mailbox.name;
    return to_text(address);
  }
  // An encoded word is an atom: quoted it would not be decoded.
  return encode_words(mailbox.name, 10) + " <" + to_text(address) + ">";
}

void append_addresses(std::string_view name, const std::vector<Mailbox>& list, std::string& out) {
  if (list.empty()) return;
  out += name;
  std::size_t column = name.size();
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string one = address_text(list[i]);
    const bool last = i + 1 == list.size();
    if (i > 0 && column + one.size() + 2 > fold_column) {
      out += "\r\n";
      column = 0;
    }
    out += ' ';
    out += one;
    if (!last) out += ',';
    column += one.size() + 2;
  }
  out += "\r\n";
}

void append_field(std::string_view name, std::string_view value, std::string& out) {
  if (!value.empty()) fmt::format_to(std::back_inserter(out), "{}: {}\r\n", name, safe(value));
}

enum class BareCr : std::uint8_t { stays, ends_a_line };

std::string with_line_ends(std::string_view text, BareCr bare_cr) {
  std::string out;
  out.reserve(text.size() + text.size() / 32 + 2);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r')) out += '\r';
    out += text[i];
    if (text[i] == '\r' && bare_cr == BareCr::ends_a_line && (i + 1 == text.size() || text[i + 1] != '\n')) out += '\n';
  }
  if (!out.ends_with("\r\n")) out += "\r\n";
  return out;
}

bool is_seven_bit(std::string_view text) {
  std::size_t line = 0;
  for (const char c : text) {
    if (is_eight_bit(c) || c == '\0') return false;
    line = c == '\n' ? 0 : line + 1;
    if (line > line_octets + 1) return false;  // its CR is one of them
  }
  return true;
}

}  // namespace

std::string with_crlf(std::string_view message) { return with_line_ends(message, BareCr::stays); }

std::string compose(const Letter& letter) {
  const std::string text = letter.text.empty() ? "" : with_line_ends(letter.text, BareCr::ends_a_line);
  const bool seven_bit = is_seven_bit(text);
  std::string out;
  out += "Date: " + rfc5322_date(letter.date) + "\r\n";
  append_addresses("From:", {letter.from}, out);
  append_addresses("To:", letter.to, out);
  append_addresses("Cc:", letter.cc, out);
  out += "Subject: " + encode_words(letter.subject, 9) + "\r\n";
  append_field("Message-ID", letter.message_id, out);
  append_field("In-Reply-To", letter.in_reply_to, out);
  out += "MIME-Version: 1.0\r\n";
  out += seven_bit ? "Content-Type: text/plain; charset=us-ascii\r\n"
                   : "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n";
  out += "\r\n";
  return out + (seven_bit ? text : encode_quoted_printable(text));
}

// Time-stamp-line: "Received:" From-domain By-domain Opt-info ";" date-time                      RFC 5321 section 4.4
std::string received_field(const Received& r) {
  std::string out = "Received: from " + safe(r.from);
  const bool six = r.from_address.find(':') != std::string::npos;
  if (!r.from_address.empty()) out += std::string(" ([") + (six ? "IPv6:" : "") + safe(r.from_address) + "])";
  out += "\r\n\tby " + safe(r.by);
  if (!r.with.empty()) out += " with " + safe(r.with);
  if (!r.id.empty()) out += " id " + safe(r.id);
  if (!r.recipient.empty()) out += "\r\n\tfor <" + safe(r.recipient) + ">";
  return out + ";\r\n\t" + rfc5322_date(r.at) + "\r\n";
}

std::string return_path_field(std::string_view reverse_path) { return "Return-Path: <" + safe(reverse_path) + ">\r\n"; }

}  // namespace glasspost::mime
