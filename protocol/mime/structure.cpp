#include "protocol/mime/structure.h"

#include <iterator>

#include "protocol/base/text.h"
#include "protocol/mime/header.h"

namespace glasspost::mime {

bool Part::is(std::string_view wanted_type, std::string_view wanted_subtype) const {
  return equal_ignoring_case(type, wanted_type) && equal_ignoring_case(subtype, wanted_subtype);
}
bool Part::is_multipart() const { return equal_ignoring_case(type, "multipart"); }
bool Part::is_text() const { return equal_ignoring_case(type, "text"); }

Envelope envelope_of(std::string_view headers) {
  struct ListField {
    std::string_view name;
    AddressList Envelope::*list;
    bool adds_up;  // several such fields are one (RFC 5322 section 4.5.3); of the others the first counts
  };
  struct TextField {
    std::string_view name;
    Text Envelope::*text;
  };
  static constexpr ListField lists[] = {{"from", &Envelope::from, false}, {"sender", &Envelope::sender, false},
                                        {"reply-to", &Envelope::reply_to, false}, {"to", &Envelope::to, true},
                                        {"cc", &Envelope::cc, true}, {"bcc", &Envelope::bcc, true}};
  static constexpr TextField texts[] = {{"date", &Envelope::date}, {"subject", &Envelope::subject},
                                        {"in-reply-to", &Envelope::in_reply_to}, {"message-id", &Envelope::message_id}};
  Envelope out;
  unsigned seen = 0;  // a bit for each of `lists`
  HeaderReader reader(headers);
  while (const auto field = reader.next()) {
    const std::string_view name = field->name.of(headers);
    for (const TextField& wanted : texts)
      if (!(out.*wanted.text) && equal_ignoring_case(name, wanted.name)) out.*wanted.text = unfold(field->value.of(headers));
    for (std::size_t i = 0; i < std::size(lists); ++i) {
      if (!equal_ignoring_case(name, lists[i].name) || ((seen >> i & 1) != 0 && !lists[i].adds_up)) continue;
      seen |= 1U << i;
      auto more = parse_addresses(field->value.of(headers));
      AddressList& list = out.*lists[i].list;
      list.insert(list.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    }
  }
  if (out.sender.empty()) out.sender = out.from;
  if (out.reply_to.empty()) out.reply_to = out.from;
  return out;
}

}  // namespace glasspost::mime
