#include "protocol/pop3/phrases.h"

#include <algorithm>
#include <iterator>

namespace glasspost::pop3 {
namespace {

constexpr Phrase table[] = {
    {"Too many commands at once", "Demasiadas órdenes a la vez"},
    {"Too many bad commands, closing", "Demasiadas órdenes erróneas, se cierra"},
    {"Answer too long", "Respuesta demasiado larga"},
    {"Line too long", "Línea demasiado larga"},
    {"Unknown command", "Orden desconocida"},
    {"Syntax error at octet {}: expected {}", "Error de sintaxis en el octeto {}: se esperaba {}"},
    {"Log in first", "Primero hay que iniciar sesión"},
    {"Not in this state: you are logged in", "En este estado no: la sesión ya está iniciada"},
    {"USER comes first", "USER va primero"},
    {"Plaintext login is not allowed without TLS: use STLS first", "Sin TLS no se admite una contraseña en claro: primero STLS"},
    {"Send PASS", "Ahora PASS"},
    {"APOP is not offered", "APOP no se ofrece"},
    {"TLS is already active", "TLS ya está activo"},
    {"STLS is not offered", "STLS no se ofrece"},
    {"STLS comes before UTF8", "STLS va antes que UTF8"},
    {"Begin TLS negotiation", "Empieza la negociación de TLS"},
    {"Bye", "Adiós"},
    {"Bye (maildrop empty)", "Adiós (buzón vacío)"},
    {"Bye ({} messages left)", "Adiós (quedan {} mensajes)"},
    {"Unknown mechanism", "Mecanismo desconocido"},
    {"Initial response is not base64", "La respuesta inicial no es base64"},
    {"Authentication cancelled", "Autenticación cancelada"},
    {"Answer is not base64", "La respuesta no es base64"},
    {"[AUTH] Malformed answer", "[AUTH] Respuesta mal formada"},
    {"Wrong name or password", "Nombre o contraseña incorrectos"},
    {"The maildrop cannot be made now", "Ahora no se puede crear el buzón"},
    {"Another session has the maildrop", "Otra sesión tiene el buzón"},
    {"Logged in again too soon", "Nuevo inicio de sesión demasiado pronto"},
    {"[UTF8] This message has headers beyond ASCII: say UTF8 before logging in",
     "[UTF8] Este mensaje tiene cabeceras más allá de ASCII: UTF8 va antes de iniciar sesión"},
    {"The messages could not be deleted", "No se pudieron borrar los mensajes"},
    {"Logged in, {} messages ({} octets)", "Sesión iniciada, {} mensajes ({} octetos)"},
    {"Top of message follows", "Sigue el principio del mensaje"},
    {"{} octets", "{} octetos"},
    {"No such message, only {} messages in maildrop", "No hay tal mensaje, solo {} mensajes en el buzón"},
    {"Message {} is marked as deleted", "El mensaje {} está marcado como borrado"},
    {"Message {} marked as deleted", "Mensaje {} marcado como borrado"},
    {"Capability list follows", "Sigue la lista de capacidades"},
    {"{} messages ({} octets)", "{} mensajes ({} octetos)"},
    {"Unique-id listing follows", "Sigue la lista de identificadores únicos"},
    {"Maildrop has {} messages ({} octets)", "El buzón tiene {} mensajes ({} octetos)"},
    {"UTF8 is not offered", "UTF8 no se ofrece"},
    {"UTF8 it is", "UTF8, de acuerdo"},
    {"Languages follow", "Siguen los idiomas"},
    {"Language changed", "Idioma cambiado"},
    {"There is no such language here", "Ese idioma no se conoce aquí"},
};

}  // namespace

std::span<const Phrase> phrases() { return table; }

std::string_view in_language(Language language, std::string_view english) {
  if (language == Language::english) return english;
  const auto found = std::find_if(std::begin(table), std::end(table), [&](const Phrase& one) { return one.english == english; });
  return found == std::end(table) ? english : found->spanish;
}

std::string_view tag_of(Language language) { return language == Language::spanish ? "es" : "en"; }

}  // namespace glasspost::pop3
