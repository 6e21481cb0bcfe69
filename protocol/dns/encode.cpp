#include "protocol/dns/message.h"
#include "protocol/dns/name.h"

namespace glasspost::dns {
namespace {

class Writer {
 public:
  Result<std::string> write(const Message& message) {
    u16(message.id);
    u16(flags(message));
    u16(std::uint16_t(message.questions.size()));
    for (const auto* section : {&message.answers, &message.authority, &message.additional}) {
      if (section->size() > 0xffff) return fail(Fault::too_many, 0, "ANCOUNT");
      u16(std::uint16_t(section->size()));
    }
    for (const Question& question : message.questions) {
      if (auto good = names_.write(question.name, out_); !good) return wrong(good.error());
      u16(std::uint16_t(question.type));
      u16(question.klass);
    }
    for (const auto* section : {&message.answers, &message.authority, &message.additional}) {
      for (const Resource& resource : *section)
        if (auto good = write(resource); !good) return wrong(good.error());
    }
    if (out_.size() > 0xffff) return fail(Fault::too_long, 0, "message of 65,535 octets");
    return std::move(out_);
  }

 private:
  static tl::unexpected<Error> wrong(const Error& error) { return fail(error.fault, 0, error.expected); }

  static std::uint16_t flags(const Message& m) {
    return std::uint16_t(m.response << 15 | (m.opcode & 15) << 11 | m.authoritative << 10 | m.truncated << 9 |
                         m.recursion_desired << 8 | m.recursion_available << 7 | (m.reserved & 7) << 4 |
                         (std::uint8_t(m.code) & 15));
  }
  void u16(std::uint16_t value) {
    out_ += char(value >> 8);
    out_ += char(value & 0xff);
  }
  void u32(std::uint32_t value) {
    u16(std::uint16_t(value >> 16));
    u16(std::uint16_t(value & 0xffff));
  }

  Result<void> write(const Resource& resource) {
    if (auto good = names_.write(resource.name, out_); !good) return good;
    u16(std::uint16_t(resource.type));
    u16(resource.klass);
    u32(resource.ttl);
    const std::size_t length = out_.size();
    u16(0);
    if (auto good = std::visit([&](const auto& data) { return this->data(data); }, resource.data); !good) return good;
    const std::size_t size = out_.size() - length - 2;
    if (size > 0xffff) return fail(Fault::too_long, 0, "RDLENGTH");
    out_[length] = char(size >> 8);
    out_[length + 1] = char(size & 0xff);
    return {};
  }

  Result<void> data(const Address4& address) {
    const auto octets = address4_octets(address.text);
    if (!octets) return fail(Fault::syntax, 0, "IPv4 address");
    out_ += *octets;
    return {};
  }
  Result<void> data(const Address6& address) {
    const auto octets = address6_octets(address.text);
    if (!octets) return fail(Fault::syntax, 0, "IPv6 address");
    out_ += *octets;
    return {};
  }
  Result<void> data(const OneName& data) { return names_.write(data.name, out_); }
  Result<void> data(const MailExchange& data) {
    u16(data.preference);
    return names_.write(data.exchange, out_);
  }
  Result<void> data(const StartOfAuthority& data) {
    if (auto good = names_.write(data.primary, out_); !good) return good;
    if (auto good = names_.write(data.mailbox, out_); !good) return good;
    for (const std::uint32_t number : {data.serial, data.refresh, data.retry, data.expire, data.minimum}) u32(number);
    return {};
  }
  Result<void> data(const Strings& data) {
    if (data.strings.empty()) return fail(Fault::syntax, 0, "character-string");
    for (const std::string& one : data.strings) {
      if (one.size() > 255) return fail(Fault::too_long, 0, "character-string");
      out_ += char(one.size());
      out_ += one;
    }
    return {};
  }
  Result<void> data(const Service& data) {
    u16(data.priority);
    u16(data.weight);
    u16(data.port);
    return names_.write(data.target, out_, false);
  }
  Result<void> data(const Raw& data) {
    out_ += data.octets;
    return {};
  }

  std::string out_;
  NameWriter names_;
};

}  // namespace

Result<std::string> encode(const Message& message) {
  if (message.questions.size() > 0xffff) return fail(Fault::too_many, 0, "QDCOUNT");
  return Writer().write(message);
}

}  // namespace glasspost::dns
