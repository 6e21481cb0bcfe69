// The client's session of a live line: what opens it, then exactly what is typed. One dissector follows both.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "app/net/live_opening.h"
#include "protocol/tls/facts.h"
#include "sim/console_client.h"

namespace glasspost::app {

class LiveSession final : public Session {
 public:
  // `hold`: what the opening says waits in held() for release(). `accepted`: the fingerprint of the one certificate that is taken
  // although it is not trusted; empty: TLS itself refuses what is not trusted.
  LiveSession(Protocol protocol, std::unique_ptr<Opening> opening, bool hold, std::string accepted, Instant now)
      : typed_(protocol, now), opening_(std::move(opening)), hold_(hold), accepted_(std::move(accepted)) {}

  void receive(std::string_view octets, Instant now) override {
    const std::size_t last = octets.rfind('\n');
    line_octets_ = last == octets.npos ? line_octets_ + octets.size() : octets.size() - last - 1;
    if (opening_) {
      typed_.receive(octets, now);
      opening_->session().receive(octets, now);
      return work();
    }
    // Line by line, so that what stands behind the consent to TLS is found: RFC 3207 section 6, RFC 3501 section 6.2.1.
    while (!octets.empty() && !injected_) {
      const std::size_t end = std::min(octets.find('\n'), octets.size() - 1) + 1;
      injected_ = typed_.tls_wish() == TlsWish::start;
      if (!injected_) typed_.receive(octets.substr(0, end), now);
      octets.remove_prefix(end);
    }
  }
  void receive_eof(Instant now) override {
    if (opening_) opening_->session().receive_eof(now);
    work();
    typed_.receive_eof(now);
  }
  std::string take_output() override {
    if (distrusts_) return {};  // nothing is said to who showed another certificate
    if (opening_) {
      std::string said = opening_->session().take_output();
      if (hold_) held_ += said;
      else typed_.type(said);
    }
    return typed_.take_output();
  }
  TlsWish tls_wish() const override {
    if (injected_ || distrusts_) return TlsWish::none;
    return opening_ ? opening_->session().tls_wish() : typed_.tls_wish();
  }
  // Only who types asks for it, once the line is open.
  CompressionWish compression_wish() const override { return opening_ ? CompressionWish::none : typed_.compression_wish(); }
  void compression_started() override { typed_.compression_started(); }
  void tls_established(const TlsFacts& facts) override {
    const bool trusted = facts.verdict == Verdict::trusted || facts.verdict == Verdict::not_checked;
    distrusts_ = !trusted && (facts.chain.empty() || facts.chain.front().fingerprint != accepted_);
    if (distrusts_) return;
    typed_.tls_established(facts);
    if (opening_) opening_->session().tls_established(facts);
  }
  bool wants_close() const override { return typed_.wants_close() || injected_ || distrusts_ || (opening_ && opening_->fault()); }

  void type(std::string_view octets) { typed_.type(octets); }
  void hang_up() { typed_.hang_up(); }
  const std::string& held() const { return held_; }
  void release() { typed_.type(std::exchange(held_, {})); }
  bool wants_secret() const { return opening_ && opening_->wants_secret() && held_.empty(); }
  void give_secret(std::string secret) { opening_->give_secret(std::move(secret)); }
  void give_up_opening() {
    held_.clear();
    opening_.reset();
  }
  Opening* opening() { return opening_.get(); }
  const Opening* opening() const { return opening_.get(); }  // null: there is none, or it is done
  bool injected() const { return injected_; }  // words in clear stood where TLS was to begin
  bool distrusts() const { return distrusts_; }  // TLS is up, with a certificate that is neither trusted nor the accepted one
  std::uint64_t line_octets() const { return line_octets_; }  // since the server last ended a line
  const sim::TypedSession& typed() const { return typed_; }

 private:
  void work() {
    if (opening_ && opening_->work()) opening_.reset();
  }
  sim::TypedSession typed_;
  std::unique_ptr<Opening> opening_;
  bool hold_, injected_ = false, distrusts_ = false;
  std::string held_, accepted_;
  std::uint64_t line_octets_ = 0;
};

}  // namespace glasspost::app
