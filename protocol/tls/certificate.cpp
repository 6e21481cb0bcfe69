#include "protocol/tls/certificate.h"

#include <fmt/format.h>
#include <openssl/rand.h>

#include <array>
#include <cassert>
#include <ctime>
#include <new>

#include "protocol/base/text.h"
#include "protocol/tls/openssl.h"

namespace glasspost {

namespace {

// A mere lack of memory is all that can fail where this is asked.
template <class T>
T must(T result) {
  if (!result) throw std::bad_alloc();
  return result;
}

Instant instant_of(const ASN1_TIME* time) {
  std::tm tm{};
  if (!time || !ASN1_TIME_to_tm(time, &tm)) return {};
  using namespace std::chrono;
  const sys_days day = year_month_day(year(tm.tm_year + 1900), month(unsigned(tm.tm_mon) + 1),
                                      std::chrono::day(unsigned(tm.tm_mday)));
  return Instant(day) + hours(tm.tm_hour) + minutes(tm.tm_min) + seconds(tm.tm_sec);
}

std::string text_of(const ASN1_STRING* string) {
  unsigned char* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, string);
  if (size < 0) return {};
  std::string text = visible(std::string_view(reinterpret_cast<char*>(utf8), std::size_t(size)));
  OPENSSL_free(utf8);
  return text;
}

// The common name; a name without one is told by its last part.
std::string name_text(const X509_NAME* name) {
  int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
  if (at < 0) at = X509_NAME_entry_count(name) - 1;
  if (at < 0) return {};
  return text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
}

std::string address_text(const ASN1_OCTET_STRING* address) {
  const unsigned char* octets = ASN1_STRING_get0_data(address);
  const int size = ASN1_STRING_length(address);
  if (size == 4) return fmt::format("{}.{}.{}.{}", octets[0], octets[1], octets[2], octets[3]);
  std::string text;
  for (int i = 0; i + 1 < size; i += 2)
    text += fmt::format("{}{:x}", i == 0 ? "" : ":", octets[i] * 256 + octets[i + 1]);
  return text == "0:0:0:0:0:0:0:1" ? "::1" : text;
}

std::vector<std::string> alternative_names(X509& certificate) {
  std::vector<std::string> names;
  const Owned<GENERAL_NAMES, GENERAL_NAMES_free> list(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
  if (!list) return names;
  for (int i = 0; i < sk_GENERAL_NAME_num(list.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(list.get(), i);
    if (name->type == GEN_DNS)
      names.push_back(text_of(name->d.dNSName));
    else if (name->type == GEN_IPADD)
      names.push_back(address_text(name->d.iPAddress));
    else if (name->type == GEN_EMAIL)
      names.push_back(text_of(name->d.rfc822Name));
  }
  return names;
}

std::string der_of(X509& certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509(&certificate, &der);
  if (size < 0) return {};
  std::string text(reinterpret_cast<char*>(der), std::size_t(size));
  OPENSSL_free(der);
  return text;
}

std::uint64_t number_of(
    std::string_view text) {  // FNV-1a; the top bit keeps clear of the connections' numbers
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash | (std::uint64_t{1} << 63);
}

OwnedKey make_key(TlsLibrary& library, KeyKind kind) {
  if (kind == KeyKind::ed25519)
    return OwnedKey(must(EVP_PKEY_Q_keygen(library.handle(), nullptr, "ED25519")));
  return OwnedKey(must(EVP_PKEY_Q_keygen(library.handle(), nullptr, "EC", "P-256")));
}

KeyKind kind_of(const EVP_PKEY* key) {
  return EVP_PKEY_is_a(key, "ED25519") ? KeyKind::ed25519 : KeyKind::p256;
}

template <class T>
void add_extension(X509& certificate, int nid, T* value, bool critical) {
  must(X509_add1_ext_i2d(&certificate, nid, value, critical, X509V3_ADD_DEFAULT));
}

void add_key_usage(X509& certificate, std::initializer_list<int> bits) {
  const Owned<ASN1_BIT_STRING, ASN1_BIT_STRING_free> usage(must(ASN1_BIT_STRING_new()));
  for (const int bit : bits) must(ASN1_BIT_STRING_set_bit(usage.get(), bit, 1));
  add_extension(certificate, NID_key_usage, usage.get(), true);
}

void add_authority_extensions(X509& certificate) {
  const Owned<BASIC_CONSTRAINTS, BASIC_CONSTRAINTS_free> constraints(must(BASIC_CONSTRAINTS_new()));
  constraints->ca = 0xff;
  add_extension(certificate, NID_basic_constraints, constraints.get(), true);
  add_key_usage(certificate, {5, 6});  // keyCertSign, cRLSign: RFC 5280 section 4.2.1.3
}

std::optional<std::string> address_octets(const std::string& name) {
  const Owned<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free> octets(a2i_IPADDRESS(name.c_str()));
  if (!octets) {
    ERR_clear_error();
    return std::nullopt;
  }
  return std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(octets.get())),
                     std::size_t(ASN1_STRING_length(octets.get())));
}

// A name with "@" is a person's, who plays the client.
bool is_person(const std::string& name) { return name.find('@') != name.npos; }

void add_leaf_extensions(X509& certificate, const std::vector<std::string>& names) {
  add_key_usage(certificate, {0});  // digitalSignature
  const Owned<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free> purposes(must(EXTENDED_KEY_USAGE_new()));
  must(sk_ASN1_OBJECT_push(purposes.get(), OBJ_nid2obj(is_person(names.front()) ? NID_client_auth : NID_server_auth)));
  add_extension(certificate, NID_ext_key_usage, purposes.get(), false);
  const Owned<GENERAL_NAMES, GENERAL_NAMES_free> list(must(GENERAL_NAMES_new()));
  for (const std::string& name : names) {
    const auto address = address_octets(name);
    const std::string& octets = address ? *address : name;
    ASN1_STRING* value = must(ASN1_STRING_type_new(address ? V_ASN1_OCTET_STRING : V_ASN1_IA5STRING));
    must(ASN1_STRING_set(value, octets.data(), int(octets.size())));
    GENERAL_NAME* general = must(GENERAL_NAME_new());
    GENERAL_NAME_set0_value(general, address ? GEN_IPADD : is_person(name) ? GEN_EMAIL : GEN_DNS, value);
    must(sk_GENERAL_NAME_push(list.get(), general));
  }
  add_extension(certificate, NID_subject_alt_name, list.get(), false);
}

void add_key_identifiers(X509& certificate, X509& issuer) {
  const auto identifier = [](const X509& of) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned size = 0;
    must(X509_pubkey_digest(&of, EVP_sha1(), digest.data(),
                            &size));  // RFC 5280 section 4.2.1.2, method 1: no secret hangs on it
    ASN1_OCTET_STRING* octets = must(ASN1_OCTET_STRING_new());
    must(ASN1_OCTET_STRING_set(octets, digest.data(), int(size)));
    return octets;
  };
  const Owned<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free> own(identifier(certificate));
  add_extension(certificate, NID_subject_key_identifier, own.get(), false);
  const Owned<AUTHORITY_KEYID, AUTHORITY_KEYID_free> authority(must(AUTHORITY_KEYID_new()));
  authority->keyid = identifier(issuer);
  add_extension(certificate, NID_authority_key_identifier, authority.get(), false);
}

struct Wanted {
  std::string common_name;
  Validity validity;
  const std::vector<std::string>* server_names = nullptr;  // null: an authority
};

// `issuer` null: the certificate signs itself.
OwnedCertificate make_certificate(TlsLibrary& library, EVP_PKEY* key, const Wanted& wanted, X509* issuer,
                                  EVP_PKEY* issuer_key) {
  OwnedCertificate certificate(must(X509_new_ex(library.handle(), nullptr)));
  X509* x = certificate.get();
  must(X509_set_version(x, X509_VERSION_3));
  std::array<unsigned char, 16> serial;
  must(RAND_bytes_ex(library.handle(), serial.data(), serial.size(), 0) == 1);
  serial[0] = (serial[0] & 0x3f) | 0x40;  // positive, and always 16 octets: RFC 5280 section 4.1.2.2
  const Owned<BIGNUM, BN_free> number(must(BN_bin2bn(serial.data(), serial.size(), nullptr)));
  must(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(x)));
  const auto seconds = [](Instant at) {
    return std::time_t(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
  };
  must(ASN1_TIME_set(X509_getm_notBefore(x), seconds(wanted.validity.not_before)));
  must(ASN1_TIME_set(X509_getm_notAfter(x), seconds(wanted.validity.not_after)));
  must(X509_set_pubkey(x, key));
  const std::string& name = wanted.common_name.size() <= 64
                                ? wanted.common_name
                                : wanted.common_name.substr(0, 64);  // ub-common-name
  must(X509_NAME_add_entry_by_NID(X509_get_subject_name(x), NID_commonName, MBSTRING_UTF8,
                                  reinterpret_cast<const unsigned char*>(name.data()), int(name.size()), -1,
                                  0));
  must(X509_set_issuer_name(x, X509_get_subject_name(issuer ? issuer : x)));
  if (wanted.server_names)
    add_leaf_extensions(*x, *wanted.server_names);
  else
    add_authority_extensions(*x);
  add_key_identifiers(*x, issuer ? *issuer : *x);
  const EVP_MD* digest = kind_of(issuer_key) == KeyKind::ed25519 ? nullptr : EVP_sha256();
  must(X509_sign(x, issuer_key, digest));
  return certificate;
}

std::string pem_of(X509& certificate) {
  const OwnedBio bio(must(BIO_new(BIO_s_mem())));
  must(PEM_write_bio_X509(bio.get(), &certificate));
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return std::string(text, std::size_t(size));
}

std::uint64_t stream_number(std::string_view what, const std::vector<std::string>& names,
                            const Validity& validity) {
  std::string text(what);
  for (const std::string& name : names) text += "\n" + name;
  return number_of(fmt::format("{}\n{}\n{}", text, validity.not_before.time_since_epoch().count(),
                               validity.not_after.time_since_epoch().count()));
}

OwnedCertificate share(const OwnedCertificate& certificate) {
  X509_up_ref(certificate.get());
  return OwnedCertificate(certificate.get());
}

}  // namespace

CertificateFacts facts_of(X509& certificate) {
  CertificateFacts facts;
  facts.subject = name_text(X509_get_subject_name(&certificate));
  facts.issuer = name_text(X509_get_issuer_name(&certificate));
  facts.names = alternative_names(certificate);
  facts.not_before = instant_of(X509_get0_notBefore(&certificate));
  facts.not_after = instant_of(X509_get0_notAfter(&certificate));
  const std::string der = der_of(certificate);
  facts.octets = std::uint32_t(der.size());
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  std::size_t size = 0;
  if (EVP_Q_digest(nullptr, "SHA256", nullptr, der.data(), der.size(), digest.data(), &size))
    for (std::size_t i = 0; i < size; ++i)
      facts.fingerprint += fmt::format("{}{:02X}", i == 0 ? "" : ":", digest[i]);
  ERR_clear_error();
  return facts;
}

Result<CertificateFacts> certificate_facts(std::string_view der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const OwnedCertificate certificate(d2i_X509(nullptr, &at, long(der.size())));
  ERR_clear_error();
  if (!certificate) return fail(Fault::syntax, 0, "Certificate");
  const auto taken = std::size_t(at - reinterpret_cast<const unsigned char*>(der.data()));
  if (taken != der.size()) return fail(Fault::syntax, taken, "Certificate");
  return facts_of(*certificate);
}

// Identity

tl::expected<Identity, std::string> Identity::from_pem(std::shared_ptr<TlsLibrary> library,
                                                       std::string_view certificates, std::string_view key) {
  auto inner = std::make_shared<Inner>();
  inner->library = std::move(library);
  const OwnedBio bio = reading(certificates);
  while (true) {
    X509* fresh = must(X509_new_ex(inner->library->handle(), nullptr));
    OwnedCertificate certificate(PEM_read_bio_X509(bio.get(), &fresh, nullptr, nullptr));
    if (!certificate) {
      X509_free(fresh);
      break;
    }
    inner->facts.push_back(facts_of(*certificate));
    inner->chain.push_back(std::move(certificate));
  }
  const unsigned long why = ERR_peek_last_error();
  ERR_clear_error();
  if (inner->chain.empty())
    return tl::unexpected<std::string>("no certificate in PEM form (-----BEGIN CERTIFICATE-----) was found");
  if (ERR_GET_LIB(why) != ERR_LIB_PEM || ERR_GET_REASON(why) != PEM_R_NO_START_LINE)
    return tl::unexpected(
        fmt::format("certificate number {} in the file is damaged", inner->chain.size() + 1));
  const auto no_password = [](char*, int, int, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
  };
  bool encrypted = false;
  inner->key.reset(PEM_read_bio_PrivateKey_ex(reading(key).get(), nullptr, no_password, &encrypted,
                                              inner->library->handle(), nullptr));
  ERR_clear_error();
  if (encrypted)
    return tl::unexpected<std::string>("the private key is protected by a password: give it without one");
  if (!inner->key)
    return tl::unexpected<std::string>("no private key in PEM form (-----BEGIN PRIVATE KEY-----) was found");
  const bool fits = X509_check_private_key(inner->chain.front().get(), inner->key.get()) == 1;
  ERR_clear_error();
  if (!fits)
    return tl::unexpected(fmt::format("the private key does not belong to the certificate of {}",
                                      inner->facts.front().subject));
  return Identity(std::move(inner));
}

std::string Identity::certificates_pem() const {
  std::string pem;
  for (const OwnedCertificate& certificate : inner_->chain) pem += pem_of(*certificate);
  return pem;
}

std::string Identity::key_pem() const {
  const OwnedBio bio(must(BIO_new(BIO_s_mem())));
  must(PEM_write_bio_PKCS8PrivateKey(bio.get(), inner_->key.get(), nullptr, nullptr, 0, nullptr, nullptr));
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return std::string(text, std::size_t(size));
}

const std::vector<CertificateFacts>& Identity::facts() const { return inner_->facts; }

// CertificateAuthority

struct CertificateAuthority::Inner {
  std::shared_ptr<TlsLibrary> library;
  OwnedKey key;
  OwnedCertificate certificate;
  std::vector<OwnedCertificate>
      above;  // intermediates that stand between this one and the root, itself included
};

CertificateAuthority::CertificateAuthority(std::shared_ptr<TlsLibrary> library, std::string name,
                                           Validity validity, KeyKind kind) {
  auto inner = std::make_shared<Inner>();
  inner->library = std::move(library);
  RandomStream stream = inner->library->stream(stream_number("root", {name}, validity));
  const TlsLibrary::Drawing drawing(*inner->library, stream);
  inner->key = make_key(*inner->library, kind);
  EVP_PKEY* key = inner->key.get();
  inner->certificate = make_certificate(*inner->library, key, {std::move(name), validity}, nullptr, key);
  inner_ = std::move(inner);
}

CertificateAuthority CertificateAuthority::intermediate(std::string name, Validity validity) const {
  auto inner = std::make_shared<Inner>();
  inner->library = inner_->library;
  RandomStream stream = inner->library->stream(stream_number("intermediate", {name}, validity));
  const TlsLibrary::Drawing drawing(*inner->library, stream);
  inner->key = make_key(*inner->library, kind_of(inner_->key.get()));
  inner->certificate = make_certificate(*inner->library, inner->key.get(), {std::move(name), validity},
                                        inner_->certificate.get(), inner_->key.get());
  inner->above.push_back(share(inner->certificate));
  for (const OwnedCertificate& certificate : inner_->above) inner->above.push_back(share(certificate));
  CertificateAuthority made;
  made.inner_ = std::move(inner);
  return made;
}

Identity CertificateAuthority::issue(const std::vector<std::string>& names, Validity validity) const {
  assert(!names.empty());
  auto identity = std::make_shared<Identity::Inner>();
  identity->library = inner_->library;
  RandomStream stream = identity->library->stream(stream_number("server", names, validity));
  const TlsLibrary::Drawing drawing(*identity->library, stream);
  identity->key = make_key(*identity->library, kind_of(inner_->key.get()));
  identity->chain.push_back(make_certificate(*identity->library, identity->key.get(),
                                             {names.front(), validity, &names}, inner_->certificate.get(),
                                             inner_->key.get()));
  for (const OwnedCertificate& certificate : inner_->above) identity->chain.push_back(share(certificate));
  for (const OwnedCertificate& certificate : identity->chain)
    identity->facts.push_back(facts_of(*certificate));
  return Identity(std::move(identity));
}

std::string CertificateAuthority::certificate_pem() const { return pem_of(*inner_->certificate); }
CertificateFacts CertificateAuthority::facts() const { return facts_of(*inner_->certificate); }

Identity self_signed(std::shared_ptr<TlsLibrary> library, const std::vector<std::string>& names,
                     Validity validity, KeyKind kind) {
  assert(!names.empty());
  auto identity = std::make_shared<Identity::Inner>();
  identity->library = std::move(library);
  RandomStream stream = identity->library->stream(stream_number("self", names, validity));
  const TlsLibrary::Drawing drawing(*identity->library, stream);
  identity->key = make_key(*identity->library, kind);
  EVP_PKEY* key = identity->key.get();
  identity->chain.push_back(
      make_certificate(*identity->library, key, {names.front(), validity, &names}, nullptr, key));
  identity->facts.push_back(facts_of(*identity->chain.front()));
  return Identity(std::move(identity));
}

}  // namespace glasspost
