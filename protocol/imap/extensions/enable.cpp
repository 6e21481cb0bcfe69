#include "protocol/imap/extensions/enable.h"

#include "protocol/imap/reader.h"

namespace glasspost::imap {

Enable parse_enable(Reader& r) {
  Enable enable;
  do {
    if (!r.room_for(enable.names.size())) break;
    r.space();
    enable.names.push_back(to_upper(r.atom(Role::imap_capability, "capability")));
  } while (r.peek() == ' ');
  return enable;
}

void write(std::string& out, const Enable& enable) {
  for (const std::string& name : enable.names) (out += ' ') += name;
}

EnabledData parse_enabled(Reader& r) {
  EnabledData data;
  while (r.take(' ')) {
    if (r.done() || !r.room_for(data.names.size())) break;
    data.names.push_back(to_upper(r.atom(Role::imap_capability, "capability")));
  }
  return data;
}

void write_enabled(std::string& out, ExtensionSet enabled_now) {
  out += "* ENABLED";
  for (const ExtensionRow& row : extensions())
    if (enabled_now.has(row.id)) (out += ' ') += row.name;
  out += "\r\n";
}

ExtensionSet enabled_by(const Enable& enable, ExtensionSet offered) {
  ExtensionSet enabled;
  for (const std::string& name : enable.names) {
    const ExtensionRow* row = extension_named(name);
    if (row && row->by_enable && offered.has(row->id)) enabled.add(row->id);
  }
  return enabled;
}

}  // namespace glasspost::imap
