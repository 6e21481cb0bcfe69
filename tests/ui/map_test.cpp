// The map: where things are at a moment, and what can be done to hosts and links.
#include "tests/ui/panel.h"

#include "app/ui/views/map_traffic.h"

namespace glasspost::ui {
namespace {

class Map : public Panel {
 protected:
  // Words over the warning of a link.
  std::string words_over_marks() const {
    std::string all;
    const auto& controls = panel_->ui().recorder().controls();
    for (const Control& mark : controls)
      for (const Control& words : controls)
        if (mark.name.starts_with("map.fault/") && words.kind == Kind::text && !words.text.empty() && !words.visible.intersected(mark.rect).empty()) all += words.text + " over " + mark.name + "\n";
    return all;
  }
};

TEST_F(Map, WhatIsUnderWayMovesFromWhereItWasSaidToWhereItArrives) {
  const MessageRef ref = model_->conversations().row(row_saying("RCPT TO"));
  const Message& message = model_->conversations().message(ref);
  const auto part_at = [&](Instant at) -> std::optional<float> {
    apply(app::Seek{at}, *model_);
    for (const UnderWay& way : under_way(*model_))
      if (way.ref == ref) return way.part;
    return std::nullopt;
  };
  EXPECT_FALSE(part_at(message.at - 1us));
  EXPECT_FLOAT_EQ(part_at(message.at).value_or(-1), 0);
  EXPECT_NEAR(part_at(message.at + (message.arrived - message.at) / 4).value_or(-1), 0.25, 0.001);
  EXPECT_NEAR(part_at(message.arrived - 1us).value_or(-1), 1, 0.001);
  EXPECT_FALSE(part_at(message.arrived));
  // And back: the same place, whatever was looked at in between.
  EXPECT_NEAR(part_at(message.at + (message.arrived - message.at) / 4).value_or(-1), 0.25, 0.001);
}

TEST_F(Map, LinksAreThoseOfTheStoryAndTheZones) {
  const auto has = [&](std::string_view a, std::string_view b) {
    const HostId x = model_->scenario().find(a), y = model_->scenario().find(b);
    for (const MapLink& link : map_links(*model_))
      if ((link.a == x && link.b == y) || (link.a == y && link.b == x)) return true;
    return false;
  };
  EXPECT_TRUE(has("alice-laptop", "mail.example.com"));
  EXPECT_TRUE(has("mail.example.com", "ns.example.net"));
  EXPECT_TRUE(has("mail.example.com", "mx2.example.org"));
  EXPECT_TRUE(has("mx1.example.org", "store.example.org"));
  EXPECT_TRUE(has("bob-pc", "store.example.org"));
  EXPECT_FALSE(has("alice-laptop", "bob-phone"));
  EXPECT_EQ(map_links(*model_).size(), 9U);
}

TEST_F(Map, NothingIsCutOrCoversAnotherAtAnySizeAndMoment) {
  struct Place { int w, h; float scale; };
  for (const Place place : {Place{880, 168, 1}, {984, 204, 1}, {1360, 264, 1}, {880, 168, 2}, {719, 40, 2}, {639, 40, 1}})
    for (const Language language : {Language::english, Language::spanish}) {
      apply(app::SetLanguage{language}, *model_);
      show(map_view, place.w, place.h, place.scale);
      for (int step = 0; step <= 60; ++step) {
        act_here(app::Seek{model_->start() + (model_->end() - model_->start()) * step / 60});
        EXPECT_EQ(cut_off(), "") << place.w << "x" << place.h << " at step " << step;
        EXPECT_EQ(collisions(), "") << place.w << "x" << place.h << " at step " << step;
      }
    }
}

// Where faults are told on many links at once.
TEST_F(Map, WhatIsAmissOnEachLinkCoversNothing) {
  apply(app::LoadScenario{"stripped", {}}, *model_);
  for (const auto& [w, h] : {std::pair{880, 168}, {984, 204}, {1360, 264}, {1360, 420}, {1900, 264}})
    for (const Language language : {Language::english, Language::spanish}) {
      apply(app::SetLanguage{language}, *model_);
      show(map_view, w, h);
      for (int step = 0; step <= 40; ++step) {
        act_here(app::Seek{model_->start() + (model_->end() - model_->start()) * step / 40});
        EXPECT_EQ(cut_off(), "") << w << " at step " << step;
        EXPECT_EQ(collisions(), "") << w << " at step " << step;
        EXPECT_EQ(words_over_marks(), "") << w << " at step " << step;
      }
    }
}

TEST_F(Map, EveryHostHasItsLabelAtEverySizeOfTheTable) {
  for (const auto& [w, h] : {std::pair{880, 168}, std::pair{984, 204}, std::pair{1360, 264}}) {
    show(map_view, w, h);
    std::size_t labels = 0;
    for (const Control& control : panel_->ui().recorder().controls())
      for (const sim::HostDescription& host : model_->scenario().hosts)
        if (control.kind == Kind::text && (control.text == host.label.english || control.text == host.name ||
                                           control.text == host.name.substr(0, host.name.find('.'))))
          ++labels;
    EXPECT_EQ(labels, model_->scenario().hosts.size()) << w;
  }
}

TEST_F(Map, AHostsMenuStopsItAndTheQueueSaysThatTheLetterWaits) {
  show(map_view, 984, 204);
  const HostId mx1 = model_->scenario().find("mx1.example.org");
  ASSERT_TRUE(panel_->click("map.host/" + std::to_string(mx1)));
  ASSERT_TRUE(panel_->click("map.host_menu/stop"));
  EXPECT_TRUE(stopped_at_cursor(*model_, mx1));
  EXPECT_TRUE(model_->world().is_stopped(mx1));
  ASSERT_TRUE(panel_->click("map.host/" + std::to_string(mx1)));
  EXPECT_TRUE(panel_->find("map.host_menu/restart"));
}

TEST_F(Map, ALinksMenuRefusesConnectionsAndTakesTheFaultAway) {
  show(map_view, 984, 440);
  const HostId a = model_->scenario().find("mail.example.com"), b = model_->scenario().find("mx1.example.org");
  const std::string link = "map.link/" + std::to_string(a) + "-" + std::to_string(b);
  ASSERT_TRUE(panel_->click(link, MouseButton::secondary));
  ASSERT_TRUE(panel_->click("map.link_menu/refuse"));
  ASSERT_EQ(faults_at_cursor(*model_, a, b).size(), 1U);
  EXPECT_EQ(faults_at_cursor(*model_, a, b)[0].kind, FaultKind::refuse);
  // The letter goes by the other host.
  std::vector<HostId> relays;
  for (std::size_t i = 0; i < model_->conversations().connections(); ++i) {
    const Conversation& conversation = model_->conversations().at(i);
    if (conversation.opened().client == a && conversation.size() > 0 && conversation.opened().protocol == Protocol::smtp)
      relays.push_back(conversation.opened().server);
  }
  EXPECT_EQ(relays, std::vector<HostId>{model_->scenario().find("mx2.example.org")});
  ASSERT_TRUE(panel_->click(link, MouseButton::secondary));
  ASSERT_TRUE(panel_->click("map.link_menu/clear"));
  EXPECT_TRUE(faults_at_cursor(*model_, a, b).empty());
}

TEST_F(Map, ByKeyboardAConsoleOpensFromTheSendersLaptop) {
  show(map_view, 984, 204);
  const HostId alice = model_->scenario().find("alice-laptop"), mail = model_->scenario().find("mail.example.com");
  panel_->ui().focus("map.host/" + std::to_string(alice), true);
  panel_->frame();
  panel_->press(Key::right);
  EXPECT_TRUE(panel_->ui().focused("map.host/" + std::to_string(mail)));
  panel_->press(Key::enter);
  ASSERT_TRUE(panel_->click("map.host_menu/port.587"));
  ASSERT_NE(model_->console().connection, 0U);
  const Opened& opened = model_->conversations().find(model_->console().connection)->opened();
  EXPECT_EQ(opened.client, alice);
  EXPECT_EQ(opened.server_port, 587);
}

TEST_F(Map, ADeviceCollectsByPop3WhenTold) {
  act(app::ToEnd{});
  show(map_view, 984, 204);
  const std::size_t before = model_->conversations().connections();
  const HostId phone = model_->scenario().find("bob-phone");
  ASSERT_TRUE(panel_->click("map.host/" + std::to_string(phone), MouseButton::secondary));
  ASSERT_TRUE(panel_->click("map.host_menu/collect"));
  ASSERT_EQ(model_->conversations().connections(), before + 1);
  EXPECT_EQ(model_->conversations().at(before).opened().protocol, Protocol::pop3);
  EXPECT_EQ(model_->conversations().at(before).opened().client, phone);
}

TEST_F(Map, LooksAsItDid) {
  show(map_view, 984, 204);
  EXPECT_TRUE(matches_golden(panel_->picture(), "map-start-light-en"));
  halfway("RCPT TO");
  EXPECT_TRUE(matches_golden(panel_->picture(), "map-envelope-light-en"));
  apply(app::ToggleLook{}, *model_);
  speak(Language::spanish);
  halfway("EXPUNGE\r\n");
  show(map_view, 880, 168);
  EXPECT_TRUE(matches_golden(panel_->picture(), "map-read-dark-es"));
  show(map_view, 720, 40, 2);
  halfway("RCPT TO");
  EXPECT_TRUE(matches_golden(panel_->picture(), "map-strip-dark-es"));
}

}  // namespace
}  // namespace glasspost::ui
