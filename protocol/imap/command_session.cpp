// Commands about the session itself: LOGIN, AUTHENTICATE, ID.
#include "protocol/imap/rules.h"

namespace glasspost::imap {

// login = "LOGIN" SP userid SP password;  userid, password = astring (RFC 3501 section 6.2.3)
CommandBody parse_login(Reader& r, bool) {
  Login login;
  r.space();
  login.user = r.astring(Role::imap_user, "userid");
  r.space();
  login.password = r.astring(Role::imap_password, "password");
  return login;
}

// authenticate = "AUTHENTICATE" SP auth-type [SP (base64 / "=")] (RFC 3501 section 6.2.2, RFC 4959 section 3)
CommandBody parse_authenticate(Reader& r, bool) {
  Authenticate authenticate;
  r.space();
  authenticate.mechanism = to_upper(r.atom(Role::imap_mechanism, "auth-type"));
  if (!r.has(Extension::sasl_ir) || !r.take(' ')) return authenticate;
  const std::size_t begin = r.position();
  const std::string_view response = r.take_while([](char c) { return is_alnum(c) || c == '+' || c == '/' || c == '='; });
  if (response.empty()) r.wanted("initial-resp");
  r.mark(Role::imap_initial_response, begin);
  authenticate.response = response == "=" ? std::string() : std::string(response);
  return authenticate;
}

// id = "ID" SP id_params_list;  id_params_list = "(" [string SP nstring *(SP string SP nstring)] ")" / nil
// RFC 2971 section 3.3 allows 30 fields at most.
CommandBody parse_id(Reader& r, bool) {
  constexpr std::size_t most = 30;
  Id id;
  r.space();
  if (r.take_nil()) return id;
  r.open();
  if (r.take_close()) return id;
  do {
    if (id.fields.size() == most) r.fail(Fault::too_many, "id_params_list");
    std::string field = r.string(Role::imap_id_field);
    r.space();
    auto value = r.nstring(Role::imap_id_value);
    id.fields.emplace_back(std::move(field), std::move(value));
  } while (r.take(' '));
  r.close();
  return id;
}

}  // namespace glasspost::imap
