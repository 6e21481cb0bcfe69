#include <fmt/format.h>

#include "protocol/base/text.h"
#include "protocol/dns/message.h"
#include "protocol/dns/name.h"

namespace glasspost::dns {
namespace {

std::uint16_t u16_at(std::string_view octets, std::size_t at) {
  return std::uint16_t(static_cast<unsigned char>(octets[at]) << 8 | static_cast<unsigned char>(octets[at + 1]));
}
std::uint32_t u32_at(std::string_view octets, std::size_t at) {
  return std::uint32_t(u16_at(octets, at)) << 16 | u16_at(octets, at + 2);
}

class Reader {
 public:
  Reader(std::string_view datagram, Tokens* tokens) : text_(datagram), tokens_(tokens) {}

  // header question answer authority additional                                                  RFC 1035 section 4.1
  Result<Message> read() {
    Message out;
    std::uint16_t counts[4] = {};
    if (auto good = header(out, counts); !good) return tl::unexpected(good.error());
    for (int i = 0; i < counts[0]; ++i) {
      auto question = this->question();
      if (!question) return tl::unexpected(question.error());
      out.questions.push_back(std::move(*question));
    }
    std::vector<Resource>* sections[] = {&out.answers, &out.authority, &out.additional};
    for (int section = 0; section < 3; ++section) {
      for (int i = 0; i < counts[section + 1]; ++i) {
        auto resource = this->resource();
        if (!resource) return tl::unexpected(resource.error());
        sections[section]->push_back(std::move(*resource));
      }
    }
    if (at_ != text_.size()) return fail(Fault::syntax, at_, "end of message");
    return out;
  }

 private:
  Result<std::uint16_t> u16(Role role, std::string_view what, std::size_t limit) {
    if (limit - at_ < 2) return fail(Fault::incomplete, limit, what);
    const std::uint16_t value = u16_at(text_, at_);
    take(2, role);
    return value;
  }
  Result<std::uint32_t> u32(Role role, std::string_view what, std::size_t limit) {
    if (limit - at_ < 4) return fail(Fault::incomplete, limit, what);
    const std::uint32_t value = u32_at(text_, at_);
    take(4, role);
    return value;
  }
  void take(std::size_t size, Role role) {
    if (tokens_) tokens_->mark(text_, at_, at_ + size, role);
    at_ += size;
  }
  Result<Name> name(Role role, std::size_t limit) {
    const std::size_t begin = at_;
    auto out = read_name(text_.substr(0, limit), at_);
    if (out && tokens_) tokens_->mark(text_, begin, at_, role);
    return out;
  }

  Result<void> header(Message& out, std::uint16_t (&counts)[4]) {
    if (text_.size() < 12) return fail(Fault::incomplete, text_.size(), "header");
    out.id = u16_at(text_, 0);
    take(2, Role::dns_id);
    const std::uint16_t flags = u16_at(text_, 2);
    take(2, Role::dns_flags);
    out.response = flags >> 15;
    out.opcode = flags >> 11 & 15;
    out.authoritative = flags >> 10 & 1;
    out.truncated = flags >> 9 & 1;
    out.recursion_desired = flags >> 8 & 1;
    out.recursion_available = flags >> 7 & 1;
    out.reserved = flags >> 4 & 7;
    out.code = ResponseCode(flags & 15);
    for (std::uint16_t& count : counts) {
      count = u16_at(text_, at_);
      take(2, Role::dns_count);
    }
    return {};
  }

  Result<Question> question() {
    Question out;
    auto name = this->name(Role::dns_name, text_.size());
    if (!name) return tl::unexpected(name.error());
    out.name = std::move(*name);
    const auto type = u16(Role::dns_type, "QTYPE", text_.size());
    if (!type) return tl::unexpected(type.error());
    out.type = Type(*type);
    const auto klass = u16(Role::dns_class, "QCLASS", text_.size());
    if (!klass) return tl::unexpected(klass.error());
    out.klass = *klass;
    return out;
  }

  Result<Resource> resource() {
    Resource out;
    auto name = this->name(Role::dns_name, text_.size());
    if (!name) return tl::unexpected(name.error());
    out.name = std::move(*name);
    const auto type = u16(Role::dns_type, "TYPE", text_.size());
    if (!type) return tl::unexpected(type.error());
    out.type = Type(*type);
    const auto klass = u16(Role::dns_class, "CLASS", text_.size());
    if (!klass) return tl::unexpected(klass.error());
    out.klass = *klass;
    const auto ttl = u32(Role::dns_ttl, "TTL", text_.size());
    if (!ttl) return tl::unexpected(ttl.error());
    out.ttl = *ttl;
    const auto size = u16(Role::dns_data_length, "RDLENGTH", text_.size());
    if (!size) return tl::unexpected(size.error());
    if (*size > text_.size() - at_) return fail(Fault::incomplete, text_.size(), "RDATA");
    const std::size_t end = at_ + *size;
    auto data = this->data(out.type, end);
    if (!data) return tl::unexpected(data.error());
    if (at_ != end) return fail(Fault::mismatch, at_, "end of RDATA");
    out.data = std::move(*data);
    return out;
  }

  Result<Data> data(Type type, std::size_t end) {
    switch (type) {
      case Type::a: return address<Address4>(4, end, address4_text);
      case Type::aaaa: return address<Address6>(16, end, address6_text);
      case Type::ns:
      case Type::cname:
      case Type::ptr: return name(Role::dns_name, end).map([](Name name) { return Data(OneName{std::move(name)}); });
      case Type::mx: {
        const auto preference = u16(Role::dns_preference, "PREFERENCE", end);
        if (!preference) return tl::unexpected(preference.error());
        return name(Role::dns_exchange, end).map([&](Name name) { return Data(MailExchange{*preference, std::move(name)}); });
      }
      case Type::soa: return start_of_authority(end);
      case Type::txt: return strings(end);
      case Type::srv: return service(end);
      case Type::any: break;
    }
    Raw raw{std::string(text_.substr(at_, end - at_))};
    take(end - at_, Role::dns_data);
    return raw;
  }

  template <class Address>
  Result<Data> address(std::size_t size, std::size_t end, std::string (*text)(std::string_view)) {
    if (end - at_ != size) return fail(Fault::mismatch, at_, "ADDRESS");
    Address out{text(text_.substr(at_, size))};
    take(size, Role::dns_address);
    return out;
  }

  Result<Data> start_of_authority(std::size_t end) {
    StartOfAuthority out;
    for (Name* into : {&out.primary, &out.mailbox}) {
      auto name = this->name(Role::dns_name, end);
      if (!name) return tl::unexpected(name.error());
      *into = std::move(*name);
    }
    for (std::uint32_t* into : {&out.serial, &out.refresh, &out.retry, &out.expire, &out.minimum}) {
      const auto number = u32(Role::dns_data, "SOA", end);
      if (!number) return tl::unexpected(number.error());
      *into = *number;
    }
    return out;
  }

  // 1*character-string                                                                          RFC 1035 section 3.3.14
  Result<Data> strings(std::size_t end) {
    Strings out;
    if (at_ == end) return fail(Fault::incomplete, end, "character-string");
    while (at_ < end) {
      const std::size_t size = static_cast<unsigned char>(text_[at_]);
      if (size + 1 > end - at_) return fail(Fault::incomplete, end, "character-string");
      out.strings.emplace_back(text_.substr(at_ + 1, size));
      take(size + 1, Role::dns_data);
    }
    return out;
  }

  Result<Data> service(std::size_t end) {
    Service out;
    for (std::uint16_t* into : {&out.priority, &out.weight, &out.port}) {
      const auto number = u16(Role::dns_data, "SRV", end);
      if (!number) return tl::unexpected(number.error());
      *into = *number;
    }
    auto target = name(Role::dns_name, end);
    if (!target) return tl::unexpected(target.error());
    out.target = std::move(*target);
    return out;
  }

  std::string_view text_;  // a reader does not outlive the call of decode() that made it
  Tokens* tokens_;
  std::size_t at_ = 0;
};

std::string flags_text(std::uint16_t flags) {
  std::string out = flags >> 15 ? "response" : "query";
  if (flags >> 10 & 1) out += ", authoritative";
  if (flags >> 9 & 1) out += ", truncated";
  if (flags >> 8 & 1) out += ", recursion desired";
  if (flags >> 7 & 1) out += ", recursion available";
  if (flags >> 15) out += ", " + text_of(ResponseCode(flags & 15));
  return out;
}

}  // namespace

Result<Message> decode(std::string_view datagram, Tokens* tokens) { return Reader(datagram, tokens).read(); }

std::string text_of(Type type) {
  switch (type) {
    case Type::a: return "A";
    case Type::ns: return "NS";
    case Type::cname: return "CNAME";
    case Type::soa: return "SOA";
    case Type::ptr: return "PTR";
    case Type::mx: return "MX";
    case Type::txt: return "TXT";
    case Type::aaaa: return "AAAA";
    case Type::srv: return "SRV";
    case Type::any: return "ANY";
  }
  return fmt::format("TYPE{}", std::uint16_t(type));
}

std::string text_of(ResponseCode code) {
  switch (code) {
    case ResponseCode::no_error: return "NOERROR";
    case ResponseCode::format_error: return "FORMERR";
    case ResponseCode::server_failure: return "SERVFAIL";
    case ResponseCode::name_error: return "NXDOMAIN";
    case ResponseCode::not_implemented: return "NOTIMP";
    case ResponseCode::refused: return "REFUSED";
  }
  return fmt::format("RCODE{}", std::uint8_t(code));
}

std::string text_of(std::string_view datagram, const Token& token) {
  const std::string_view octets = token.span.of(datagram);
  const bool two = octets.size() == 2;
  switch (token.role) {
    case Role::dns_id: return two ? fmt::format("0x{:04x}", u16_at(octets, 0)) : hex(octets);
    case Role::dns_flags: return two ? flags_text(u16_at(octets, 0)) : hex(octets);
    case Role::dns_count:
    case Role::dns_data_length:
    case Role::dns_preference: return two ? std::to_string(u16_at(octets, 0)) : hex(octets);
    case Role::dns_type: return two ? text_of(Type(u16_at(octets, 0))) : hex(octets);
    case Role::dns_class: return !two ? hex(octets) : u16_at(octets, 0) == class_in ? "IN" : fmt::format("CLASS{}", u16_at(octets, 0));
    case Role::dns_ttl: return octets.size() == 4 ? std::to_string(u32_at(octets, 0)) : hex(octets);
    case Role::dns_address:
      return octets.size() == 4 ? address4_text(octets) : octets.size() == 16 ? address6_text(octets) : hex(octets);
    case Role::dns_name:
    case Role::dns_exchange: {
      std::size_t at = token.span.begin;
      const auto name = read_name(datagram, at);
      return !name ? hex(octets) : name->empty() ? "." : *name;
    }
    default: {
      for (const char c : octets)
        if (!is_printable(c)) return hex(octets);
      return std::string(octets);
    }
  }
}

}  // namespace glasspost::dns
