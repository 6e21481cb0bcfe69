// The three lanes of TLS: rows, what an eavesdropper reads, the selection, what would happen.
#include <gmock/gmock.h>

#include "app/ui/views/tls_lanes.h"
#include "tests/ui/panel.h"

namespace glasspost::ui {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

class LanesPanel : public Panel {
 protected:
  void load(const std::string& scenario, const char* said) {
    apply(app::LoadScenario{scenario, {}}, *model_);
    choose(said);
    apply(app::ToEnd{}, *model_);
    apply(app::ShowLower{app::LowerPanel::tls}, *model_);
    choose(said);
  }
  void choose(const char* said) {
    const MessageRef ref = model_->conversations().row(row_saying(said));
    apply(app::Select{ref}, *model_);
    apply(app::Seek{model_->end()}, *model_);
  }
  std::vector<std::string> texts() const {
    std::vector<std::string> all;
    for (const Control& control : panel_->ui().recorder().controls())
      if (control.kind == Kind::text) all.push_back(control.text);
    return all;
  }
};

TEST_F(LanesPanel, TellsWhatIsReadableAndWhatIsNot) {
  load("first-letter", "STARTTLS");
  show(tls_view, 984, 640);
  const auto all = texts();
  EXPECT_THAT(all, Contains("readable: mail.example.com (SNI)"));
  EXPECT_THAT(all, Contains("readable: TLS_AES_128_GCM_SHA256"));
  EXPECT_THAT(all, Contains("not even the certificate; only sizes"));
  EXPECT_THAT(all, Contains("From here on, TLS"));
  EXPECT_THAT(all, Contains("which server you talk to, when, how much, and in which direction"));
  EXPECT_THAT(all, Not(Contains(HasSubstr("certificate of"))));
}

TEST_F(LanesPanel, UnderTls12TheCertificateIsReadable) {
  load("tls-versions", "220 mx1.example.org");
  show(tls_view, 984, 900);
  const auto all = texts();
  EXPECT_THAT(all, Contains("readable: the certificate of mx1.example.org"));
  EXPECT_THAT(all, Contains("readable: the key agreement, x25519"));
  EXPECT_THAT(all, Contains("ChangeCipherSpec"));
  EXPECT_THAT(all, Contains("which server, its certificate, when, how much, and in which direction"));
}

TEST_F(LanesPanel, AttacksAndRefusalsAreNamed) {
  load("stripped", "220 mx1.example.org");
  show(tls_view, 984, 640);
  EXPECT_THAT(texts(), Contains("A simulated attack"));
  EXPECT_THAT(texts(), Contains(HasSubstr("arrives as: 250-XXXXXXXX")));
  EXPECT_THAT(texts(), Contains(HasSubstr("every word, passwords and letters too")));
  for (std::size_t row = 0; row < model_->conversations().rows(); ++row) {
    const MessageRef ref = model_->conversations().row(row);
    const Conversation& conversation = *model_->conversations().find(ref.connection);
    if (conversation.opened().protocol == Protocol::imap && conversation.name(Side::client) == "bob-laptop") apply(app::Select{ref}, *model_);
  }
  act_here(app::Seek{model_->end()});
  EXPECT_THAT(texts(), Contains("The client goes no further"));
}

TEST_F(LanesPanel, TheLadderAndExplainMarkTheLineThatWasOverwritten) {
  load("stripped", "220 mx1.example.org");
  std::size_t row = 0;
  const auto overwritten = [&](MessageRef ref) { return !model_->conversations().find(ref.connection)->heard(ref.message).empty(); };
  while (row < model_->conversations().rows() && !overwritten(model_->conversations().row(row))) ++row;
  ASSERT_LT(row, model_->conversations().rows());
  apply(app::Select{model_->conversations().row(row)}, *model_);
  apply(app::ShowLower{app::LowerPanel::console}, *model_);
  show(ladder_view, 1280, 640);
  const std::string number = std::to_string(row + 1);
  ASSERT_NE(panel_->ui().recorder().find("ladder.heard/" + number), nullptr);
  EXPECT_EQ(panel_->text_of("ladder.heard/" + number), "arrives as: 250-XXXXXXXX");
  show(inspector_view, 456, 900);
  ASSERT_NE(panel_->ui().recorder().find("inspector.overwritten"), nullptr);
  EXPECT_EQ(panel_->text_of("inspector.overwritten"), "Somebody on the way changed this line");
  EXPECT_EQ(cut_off(), "");
  apply(app::Select{model_->conversations().row(row - 1)}, *model_);
  panel_->frame();
  EXPECT_EQ(panel_->ui().recorder().find("inspector.overwritten"), nullptr) << "the EHLO came as it was said";
}

// RFC 8446 section D.4: these records change nothing. Folded they are counted in, unfolded they have rows of their own.
TEST_F(LanesPanel, CompatibilityRecordsUnfold) {
  load("first-letter", "STARTTLS");
  show(tls_view, 1200, 640);
  const auto octets = [&] {
    std::uint64_t all = 0;
    for (const app::LaneRow& row : model_->lanes().rows()) all += row.octets;
    return all;
  };
  const auto own_rows = [&] {
    return std::count_if(model_->lanes().rows().begin(), model_->lanes().rows().end(), [](const app::LaneRow& row) { return row.content_type == 20; });
  };
  const auto press_chip = [&] {
    for (const Control& control : panel_->ui().recorder().controls())
      if (control.name.starts_with("lanes.compatibility/")) return panel_->click(std::string(control.name));
    return false;
  };
  const std::uint64_t before = octets();
  EXPECT_EQ(own_rows(), 0);
  ASSERT_TRUE(press_chip());
  EXPECT_EQ(own_rows(), 2) << "one of each end";
  EXPECT_EQ(octets(), before);
  EXPECT_THAT(texts(), Contains(HasSubstr("means nothing")));
  EXPECT_EQ(cut_off(), "");
  ASSERT_TRUE(press_chip());
  EXPECT_EQ(own_rows(), 0);
}

TEST_F(LanesPanel, AFailedHandshakeSaysWhy) {
  apply(app::LoadScenario{"certificates", {}}, *model_);
  for (std::size_t row = 0; row < model_->conversations().rows(); ++row) {
    const MessageRef ref = model_->conversations().row(row);
    if (model_->conversations().find(ref.connection)->name(Side::server) == "wrong-name.example.org") apply(app::Select{ref}, *model_);
  }
  apply(app::Seek{model_->end()}, *model_);
  show(tls_view, 984, 400);
  EXPECT_THAT(texts(), Contains("the certificate is for www.example.org, not for wrong-name.example.org"));
}

TEST_F(LanesPanel, ChoosingARowChoosesItsLine) {
  load("first-letter", "STARTTLS");
  show(tls_view, 984, 640);
  const auto& rows = model_->lanes().rows();
  std::size_t hello = 0;
  while (rows[hello].reading != app::Reading::server_name) ++hello;
  panel_->click("lanes.row/" + std::to_string(hello));
  ASSERT_TRUE(model_->selection().message);
  EXPECT_EQ(model_->conversations().find(model_->lanes().connection())->headline(*model_->selected()), "say/tls/ClientHello");
}

TEST_F(LanesPanel, TheWholeWireIsAccountedFor) {
  load("first-letter", "STARTTLS");
  const Conversation& conversation = *model_->conversations().find(model_->lanes().connection());
  std::uint64_t wire = 0, sent = 0;
  for (const app::LaneRow& row : model_->lanes().rows())
    if (row.kind == app::LaneKind::records || row.kind == app::LaneKind::carried) wire += row.octets;
  for (RecordId id = model_->trace().first(); id < model_->trace().end(); ++id) {
    const Record& record = model_->trace()[id];
    const auto* octets = std::get_if<Sent>(&record.what);
    if (octets && record.connection == conversation.id() && octets->layer == Layer::wire) sent += octets->bytes.size;
  }
  EXPECT_EQ(wire, sent);
  // Every encrypted handshake message has its record.
  for (MessageId id = 0; id < conversation.size(); ++id)
    if (conversation.message(id).protocol == Protocol::tls) {
      EXPECT_TRUE(model_->lanes().wire_of(id)) << id;
    }
}

// What the dashed row promises is what the wire then carries.
TEST_F(LanesPanel, WhatWouldHappenHappens) {
  apply(app::ToEnd{}, *model_);
  const sim::Scenario& scenario = model_->scenario();
  apply(app::OpenConsole{scenario.find("alice-laptop"), scenario.find("mail.example.com"), 587}, *model_);
  for (const char* line : {"EHLO me", "STARTTLS"}) apply(app::TypeLine{line}, *model_);
  apply(app::ShowLower{app::LowerPanel::tls}, *model_);
  apply(app::EditLine{"EHLO [192.0.2.17]"}, *model_);
  show(tls_view, 984, 640);
  ASSERT_NE(panel_->ui().recorder().find("lanes.coming"), nullptr);
  EXPECT_EQ(panel_->ui().recorder().find("lanes.would")->text, "will see 41 bytes; won’t know which command it is");
  apply(app::TypeLine{"EHLO [192.0.2.17]"}, *model_);
  apply(app::EditLine{""}, *model_);
  std::uint32_t octets = 0;
  for (const app::LaneRow& row : model_->lanes().rows())
    if (row.kind == app::LaneKind::carried && row.from == Side::client) octets = row.octets;
  EXPECT_EQ(octets, 41U);
  act_here(app::EditLine{""});
  EXPECT_EQ(panel_->ui().recorder().find("lanes.coming"), nullptr);
}

TEST_F(LanesPanel, StrippingIsOneClickAway) {
  load("first-letter", "STARTTLS");
  show(tls_view, 984, 640);
  panel_->click("lanes.strip");
  const HostId a = model_->scenario().find("alice-laptop"), b = model_->scenario().find("mail.example.com");
  ASSERT_EQ(model_->world().link(a, b).faults.size(), 1U);
  EXPECT_EQ(model_->world().link(a, b).faults[0].kind, FaultKind::strip);
}

TEST_F(LanesPanel, NothingIsCutOffAnywhere) {
  struct Case { const char *scenario, *said; };
  for (const Case& each : {Case{"first-letter", "STARTTLS"}, Case{"stripped", "220 mx1.example.org"}, Case{"tls-versions", "220 mx1.example.org"}})
    for (const Language language : {Language::english, Language::spanish}) {
      load(each.scenario, each.said);
      apply(app::SetLanguage{language}, *model_);
      for (const auto& [w, h, scale] : {std::tuple{880, 420, 1.F}, std::tuple{1360, 620, 1.F}, std::tuple{720, 260, 2.F}, std::tuple{600, 500, 1.F}}) {
        show(tls_view, w, h, scale);
        EXPECT_EQ(cut_off(), "") << each.scenario << " " << w;
        EXPECT_EQ(collisions(), "") << each.scenario << " " << w;
      }
    }
}

TEST_F(LanesPanel, AnEmptyOneSaysWhatWouldFillIt) {
  show(tls_view, 880, 400);
  EXPECT_EQ(cut_off(), "");
}

TEST_F(LanesPanel, LooksAsItDid) {
  load("first-letter", "STARTTLS");
  show(tls_view, 984, 560);
  EXPECT_TRUE(matches_golden(panel_->picture(), "lanes-light-en"));
  load("stripped", "220 mx1.example.org");
  apply(app::ToggleLook{}, *model_);
  apply(app::SetLanguage{Language::spanish}, *model_);
  show(tls_view, 880, 420);
  EXPECT_TRUE(matches_golden(panel_->picture(), "lanes-stripped-dark-es"));
  load("tls-versions", "220 mx1.example.org");
  show(tls_stage_view, 928, 700);
  EXPECT_TRUE(matches_golden(panel_->picture(), "lanes-tls12-dark-es"));
  apply(app::ToggleLook{}, *model_);
  show(tls_view, 720, 330, 2);
  EXPECT_TRUE(matches_golden(panel_->picture(), "lanes-light-es-200"));
}

}  // namespace
}  // namespace glasspost::ui
