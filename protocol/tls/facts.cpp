#include "protocol/tls/facts.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <utility>

#include "protocol/base/text.h"

namespace glasspost {

namespace {

constexpr std::array<std::string_view, 8> verdicts = {"trusted",     "not_checked",   "wrong_name",
                                                      "expired",     "not_yet_valid", "unknown_authority",
                                                      "self_signed", "other"};

// The trace's form: netstrings ("7:TLSv1.3,") one behind the other, so that a peer's octets need no escapes.
void put(std::string& out, std::string_view field) {
  out += std::to_string(field.size());
  out += ':';
  out += field;
  out += ',';
}
void put(std::string& out, std::uint64_t number) { put(out, std::to_string(number)); }
void put(std::string& out, Instant at) { put(out, std::to_string(at.time_since_epoch().count())); }

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}
  bool ok() const { return ok_; }
  bool done() const { return at_ == text_.size(); }
  std::size_t position() const { return at_; }

  std::string_view field() {
    const std::size_t colon = text_.find(':', at_);
    if (!ok_ || colon == text_.npos || colon - at_ > 10) return bad();
    const auto size = to_u32(text_.substr(at_, colon - at_));
    if (!size || text_.size() - colon - 1 <= *size || text_[colon + 1 + *size] != ',') return bad();
    at_ = colon + 2 + *size;
    return text_.substr(colon + 1, *size);
  }
  std::uint32_t number(std::uint32_t limit = ~std::uint32_t{0}) {
    const auto value = to_u32(field());
    if (!value || *value > limit) bad();
    return ok_ ? *value : 0;
  }
  Instant instant() {
    std::string_view digits = field();
    const bool negative = digits.starts_with('-');
    if (negative) digits.remove_prefix(1);
    const auto value = to_u64(digits);
    if (!value || *value > std::uint64_t(INT64_MAX)) bad();
    if (!ok_) return {};
    const auto count = std::int64_t(*value);
    return Instant(Duration(negative ? -count : count));
  }

 private:
  std::string_view bad() {
    ok_ = false;
    return {};
  }
  std::string_view text_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

CertificateFacts read_certificate(Reader& reader) {
  CertificateFacts facts;
  facts.subject = reader.field();
  facts.issuer = reader.field();
  facts.not_before = reader.instant();
  facts.not_after = reader.instant();
  facts.fingerprint = reader.field();
  facts.octets = reader.number();
  for (std::uint32_t names = reader.number(); names > 0 && reader.ok(); --names)
    facts.names.emplace_back(reader.field());
  return facts;
}

}  // namespace

std::string_view name_of(Verdict verdict) { return verdicts[std::size_t(verdict)]; }

std::vector<std::string> sasl_names(const CertificateFacts& certificate) {
  std::vector<std::string> names;
  for (const std::string& name : certificate.names)
    if (name.find('@') != name.npos) names.push_back(name);
  if (names.empty() && !certificate.subject.empty()) names.push_back(certificate.subject);
  return names;
}

std::string sentence(const TlsFacts& facts) {
  const CertificateFacts nobody{.subject = "the server", .issuer = "somebody"};
  const CertificateFacts& shown = facts.chain.empty() ? nobody : facts.chain.front();
  const auto date = [](Instant at) {
    return fmt::format("{:%Y-%m-%d}",
                       fmt::gmtime(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count()));
  };
  // The one that is out of date need not be the server's own: the first to end, or the last to begin.
  const auto out_of_date = [&](bool ended) -> const CertificateFacts& {
    const CertificateFacts* worst = &shown;
    for (const CertificateFacts& next : facts.chain)
      if (ended ? next.not_after < worst->not_after : next.not_before > worst->not_before) worst = &next;
    return *worst;
  };
  switch (facts.verdict) {
    case Verdict::trusted:
    case Verdict::not_checked: return {};
    case Verdict::wrong_name:
      return fmt::format(
          "the certificate is for {}, not for {}",
          shown.names.empty() ? shown.subject : fmt::format("{}", fmt::join(shown.names, ", ")),
          facts.server_name);
    case Verdict::expired:
      return fmt::format("the certificate of {} expired on {}", out_of_date(true).subject,
                         date(out_of_date(true).not_after));
    case Verdict::not_yet_valid:
      return fmt::format("the certificate of {} is not valid before {}", out_of_date(false).subject,
                         date(out_of_date(false).not_before));
    case Verdict::unknown_authority:
      return fmt::format(
          "the certificate of {} was issued by {}, which is not among those that are trusted here",
          shown.subject, (facts.chain.empty() ? nobody : facts.chain.back()).issuer);
    case Verdict::self_signed:
      return fmt::format(
          "the certificate of {} is signed by itself: nobody who is trusted here vouches for it",
          shown.subject);
    case Verdict::other: return fmt::format("the certificate of {} cannot be trusted", shown.subject);
  }
  return {};
}

std::string encode(const TlsFacts& facts) {
  std::string out;
  put(out, facts.version);
  put(out, facts.cipher);
  put(out, facts.group);
  put(out, facts.server_name);
  put(out, facts.alpn);
  put(out, std::uint64_t(facts.resumed));
  put(out, std::uint64_t(facts.verdict));
  put(out, facts.chain.size());
  for (const CertificateFacts& certificate : facts.chain) {
    put(out, certificate.subject);
    put(out, certificate.issuer);
    put(out, certificate.not_before);
    put(out, certificate.not_after);
    put(out, certificate.fingerprint);
    put(out, certificate.octets);
    put(out, certificate.names.size());
    for (const std::string& name : certificate.names) put(out, name);
  }
  return out;
}

Result<TlsFacts> decode_tls_facts(std::string_view text) {
  Reader reader(text);
  TlsFacts facts;
  facts.version = reader.field();
  facts.cipher = reader.field();
  facts.group = reader.field();
  facts.server_name = reader.field();
  facts.alpn = reader.field();
  facts.resumed = reader.number(1) == 1;
  facts.verdict = Verdict(reader.number(verdicts.size() - 1));
  for (std::uint32_t count = reader.number(); count > 0 && reader.ok(); --count)
    facts.chain.push_back(read_certificate(reader));
  if (!reader.ok() || !reader.done()) return fail(Fault::syntax, reader.position(), "tls-facts");
  return facts;
}

}  // namespace glasspost
