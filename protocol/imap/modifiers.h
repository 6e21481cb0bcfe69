// The parameters in parentheses that extensions add to commands: RFC 4466 sections 2.1 to 2.5.
//
//   select-params   = SP "(" select-param *(SP select-param) ")"
//   create-params   = SP "(" create-param *(SP create-param) ")"
//   fetch-modifiers = SP "(" fetch-modifier *(SP fetch-modifier) ")"
//   store-modifiers = SP "(" store-modifier *(SP store-modifier) ")"
//
// Each parameter is a name, of imap_option, and what its rule reads behind it. Private to this folder.
#pragma once

#include <span>

#include "protocol/imap/reader.h"

namespace glasspost::imap {

template <class Target>
struct ModifierRule {
  std::string_view name;
  Extension extension;
  void (*parse)(Reader&, Target&);  // behind the name, at the SP in front of its value if it has one
};

// At the SP in front of "(", or at whatever else follows: then nothing is taken.
template <class Target>
void parse_modifiers(Reader& r, Target& target, std::span<const ModifierRule<Target>> rules, std::string_view expected) {
  if (r.peek() != ' ' || r.peek(1) != '(') return;
  bool any_offered = false;
  for (const auto& rule : rules) any_offered |= r.has(rule.extension);
  if (!any_offered) return;
  r.space();
  r.open();
  std::size_t count = 0;
  do {
    if (!r.room_for(count++)) break;
    const std::size_t begin = r.position();
    const std::string_view name = r.atom(Role::imap_option, expected);
    const ModifierRule<Target>* found = nullptr;
    for (const auto& rule : rules)
      if (equal_ignoring_case(rule.name, name) && r.has(rule.extension)) found = &rule;
    if (found) found->parse(r, target);
    else r.fail(Fault::syntax, begin, expected);
  } while (r.take(' '));
  r.close();
}

}  // namespace glasspost::imap
