#include "sim/comparison/letters.h"

#include <fmt/format.h>

#include "sim/random.h"

namespace glasspost::sim::comparison {
namespace {

constexpr std::size_t line_length = 72;

// Lines of plain words until the letter has exactly so many octets.
void fill_up(std::string& letter, std::size_t octets) {
  static constexpr std::string_view words = "A letter is as long as it is, and these lines say nothing but how long that is. ";
  std::size_t at = 0;
  while (letter.size() + 2 < octets) {
    const std::size_t left = octets - letter.size() - 2;
    std::size_t length = std::min(left, line_length);
    // What is left behind this line must be nothing, or long enough for a line of its own.
    if (left > length && left - length < 3) length -= 3;
    for (std::size_t i = 0; i < length; ++i) letter += words[at++ % words.size()];
    if (letter.back() == ' ') letter.back() = '.';
    letter += "\r\n";
  }
}

std::string headers(std::string_view subject, std::string_view key, Instant date) {
  return fmt::format(
      "From: Alice <alice@example.org>\r\nTo: Bob <bob@example.org>\r\nSubject: {}\r\nDate: {}\r\nMessage-ID: {}\r\n"
      "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n{}\r\n\r\n",
      subject, rfc5322_date(date), key, telling_line);
}

}  // namespace

std::string cast_letter(std::size_t letter, Instant date) {
  std::string text = headers(cast[letter].subject, cast[letter].key, date);
  fill_up(text, cast[letter].octets);
  return text;
}

ContentPtr earlier_letter(std::size_t n, std::uint64_t seed, Instant date) {
  Random random = Random(seed + n).split("earlier letter");
  std::string text = headers(fmt::format("Number {}", n + 1), fmt::format("<{}.{}@example.org>", n + 1, seed), date);
  fill_up(text, 600 + random.below(2401));
  return make_content(std::move(text));
}

}  // namespace glasspost::sim::comparison
