// Time as the scrubber draws it: from 0 to 1, with long silence folded, so that half an hour in a queue does not squeeze
// two seconds of mail into nothing. Kept up to date at the cost of what is new.
#pragma once

#include <string>
#include <vector>

#include "protocol/conversation.h"

namespace glasspost::app {

class Timeline {
 public:
  // A longer silence takes no more room than this.
  static constexpr Duration longest_silence = std::chrono::milliseconds{250};

  struct Chapter {
    Instant at{};
    std::string key;  // of Scenario::chapters
  };
  struct Silence {
    Instant from{}, to{};
    Duration before{};  // the folded time up to `from`
  };

  struct Tick {
    Instant at{};
    Protocol protocol{};  // of the connection
  };
  static constexpr std::size_t most_ticks = 3000;

  // Takes in what is new in both.
  void update(const Trace&, const Conversations&, Instant start, Instant end);
  void clear() { *this = Timeline{}; }

  double place(Instant) const;
  Instant at(double place) const;
  const std::vector<Chapter>& chapters() const { return chapters_; }
  const std::vector<Silence>& silences() const { return silences_; }  // the folded ones
  const std::vector<Tick>& ticks() const { return ticks_; }  // messages in order; of a long trace, every so many
  const std::vector<ConnectionId>& sealed() const { return sealed_; }  // connections under TLS, as it came up
  const std::vector<std::uint32_t>& troubles() const { return troubles_; }  // the rows of refusals and mistakes, in order

 private:
  Duration folded(Instant) const;
  void reach(Instant);
  void add_tick(Tick);

  Instant start_{}, reached_{};
  bool begun_ = false;
  std::size_t rows_ = 0;
  RecordId records_ = 0;
  std::vector<Silence> silences_;
  std::vector<Chapter> chapters_;
  std::vector<std::uint32_t> troubles_;
  std::vector<Tick> ticks_;
  std::size_t stride_ = 1;  // of the rows, one in so many has a tick
  std::vector<ConnectionId> sealed_;
};

}  // namespace glasspost::app
