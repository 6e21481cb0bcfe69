#include "tests/words/style.h"

#include <array>
#include <cctype>
#include <string>

#include "protocol/base/text.h"

namespace glasspost {
namespace {

struct Banned {
  std::string_view word, instead;
};

constexpr std::array english = {
    Banned{"e-mail server", "mail server, by its role"},
    Banned{"simply", "nothing"},
    Banned{"please", "nothing"},
    Banned{"unencrypted", "in clear"},
    Banned{"cleartext", "in clear"},
    Banned{"clear text", "in clear"},
    Banned{"banner", "greeting"},
};
constexpr std::array spanish = {
    Banned{"texto plano", "en claro"},
    Banned{"texto claro", "en claro"},
    Banned{"comando", "orden"},
    Banned{"comandos", "órdenes"},
    Banned{"email", "correo, mensaje"},
    Banned{"e-mail", "correo, mensaje"},
    Banned{"correo electrónico", "correo"},
    Banned{"encriptado", "cifrado"},
    Banned{"encriptar", "cifrar"},
    Banned{"token", "elemento"},
    Banned{"tokens", "elementos"},
    Banned{"password", "contraseña"},
    Banned{"flag", "marca"},
    Banned{"flags", "marcas"},
    Banned{"mailbox", "buzón"},
    Banned{"encabezado", "cabecera"},
    Banned{"encabezados", "cabeceras"},
    Banned{"servidor roto", "servidor defectuoso"},
    Banned{"login", "inicio de sesión"},
    Banned{"por favor", "nada"},
    Banned{"fichero", "archivo"},
    Banned{"retorno de carro", "CR"},
    Banned{"apretón de manos", "negociación"},
    Banned{"reto", "desafío"},
    Banned{"testigo", "elemento"},
    Banned{"estatus", "estado"},
    Banned{"remover", "quitar"},
    Banned{"soportado", "admitido"},
    Banned{"soporta", "admite"},
};

// Nobody is addressed as "tú", nor at the beginning of a sentence: what the program says is impersonal.
constexpr std::array addressing = {
    Banned{"tú", "lo impersonal"},
    Banned{"puedes", "lo impersonal"},
    Banned{"pulsa", "lo impersonal"},
    Banned{"tienes", "lo impersonal"},
    Banned{"tu", "lo impersonal"},
    Banned{"tus", "lo impersonal"},
    Banned{"tuyo", "lo impersonal"},
    Banned{"tuya", "lo impersonal"},
    Banned{"tuyas", "lo impersonal"},
    Banned{"has", "lo impersonal"},
    Banned{"habías", "lo impersonal"},
    Banned{"haz", "lo impersonal"},
    Banned{"quieras", "lo impersonal"},
    Banned{"quieres", "lo impersonal"},
    Banned{"debes", "lo impersonal"},
    Banned{"predice", "lo impersonal"},
};

bool is_letter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || static_cast<unsigned char>(c) >= 0x80;
}

// As a whole word, in lower case: wire text, in capitals, may say what it likes; so may a {placeholder}.
bool says(std::string_view text, std::string_view word) {
  for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    const bool begins = at == 0 || (!is_letter(text[at - 1]) && text[at - 1] != '_' && text[at - 1] != '-' &&
                                    text[at - 1] != '{');
    const bool ends = end == text.size() || (!is_letter(text[end]) && text[end] != '_' && text[end] != '-');
    if (begins && ends) return true;
  }
  return false;
}

bool says_capital(std::string_view text, std::string_view word) {
  std::string first(word);
  first.front() = upper(first.front());
  return says(text, first);
}

template <std::size_t size>
std::optional<std::string> banned(std::string_view text, const std::array<Banned, size>& list) {
  for (const Banned& entry : list)
    if (says(text, entry.word))
      return "says \"" + std::string(entry.word) + "\"; instead: " + std::string(entry.instead);
  return std::nullopt;
}

}  // namespace

std::optional<std::string> style_problem(Language language, std::string_view text) {
  if (text.find("  ") != text.npos) return "has two spaces together";
  if (text.empty() || text.front() == ' ' || text.back() == ' ')
    return "begins or ends with a space, or is empty";
  if (text.find('!') != text.npos) return "shouts";
  if (text.find("...") != text.npos) return "has three dots where one character (…) is meant";
  if (text.find('\n') != text.npos) return "has a line break";
  if (text.find(" '") != text.npos || text.find("' ") != text.npos) return "has a typewriter's quotes";
  if (language == Language::english) return banned(text, english);
  if (text.find("“") != text.npos) return "has English quotes; instead: « »";
  for (const Banned& entry : addressing)
    if (says_capital(text, entry.word)) return "says \"" + std::string(entry.word) + "\"; instead: " + std::string(entry.instead);
  if (auto found = banned(text, addressing)) return found;
  return banned(text, spanish);
}

}  // namespace glasspost
