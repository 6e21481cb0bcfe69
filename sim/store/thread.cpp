// THREAD's two algorithms: RFC 5256 section 3.
#include <algorithm>
#include <map>
#include <unordered_map>

#include "sim/store/sort.h"

namespace glasspost::sim {
namespace {

using Facts = Threading::Facts;

bool earlier(const Facts& a, const Facts& b) { return a.sent != b.sent ? a.sent < b.sent : a.number < b.number; }

class References {
 public:
  explicit References(const std::vector<Facts>& facts) : facts_(facts) {
    for (std::size_t i = 0; i < facts_.size(); ++i) link(i);  // step 1
    std::vector<std::size_t> roots;                            // step 2
    for (std::size_t node = 0; node < nodes_.size(); ++node) {
      if (nodes_[node].parent == none) roots.push_back(node);
      else nodes_[nodes_[node].parent].children.push_back(node);
    }
    roots_ = pruned(roots, true);                              // step 3
    sort(roots_);                                              // step 4
    gather_by_subject();                                       // step 5
    for (const std::size_t root : roots_) sort_below(root);    // step 6
    sort(roots_);
  }
  std::vector<imap::ThreadNode> take() const {
    std::vector<imap::ThreadNode> threads;
    for (const std::size_t root : roots_) threads.push_back(tree(root, 1));
    return threads;
  }

 private:
  static constexpr std::size_t none = std::size_t(-1);
  // A chain of answers beyond this is no conversation: it is not followed further, so that nobody has to wait for it.
  static constexpr std::size_t longest_chain = 2000;
  static constexpr std::size_t most_references = 1000;

  struct Node {
    std::size_t facts = none;  // none: a message that is not there ("dummy")
    std::size_t parent = none;
    std::vector<std::size_t> children;
  };
  bool is_dummy(std::size_t node) const { return nodes_[node].facts == none; }

  std::size_t node_of(const std::string& id) {
    const auto [found, made] = by_id_.try_emplace(id, nodes_.size());
    if (made) nodes_.emplace_back();
    return found->second;
  }
  // A link from `parent` to `child` would be a loop.
  bool loops(std::size_t parent, std::size_t child) const {
    std::size_t steps = 0;
    for (std::size_t node = parent; node != none; node = nodes_[node].parent)
      if (node == child || ++steps > longest_chain) return true;
    return false;
  }

  void link(std::size_t i) {
    const Facts& facts = facts_[i];
    std::size_t own = facts.id.empty() ? none : node_of(facts.id);
    if (own == none || !is_dummy(own)) {  // no name, or another has it: one that nobody refers to
      own = nodes_.size();
      nodes_.emplace_back();
    }
    nodes_[own].facts = i;
    std::size_t before = none;
    for (std::size_t k = 0; k < std::min(facts.references.size(), most_references); ++k) {
      const std::size_t node = node_of(facts.references[k]);
      if (before != none && nodes_[node].parent == none && !loops(before, node)) nodes_[node].parent = before;
      before = node;
    }
    nodes_[own].parent = none;
    if (before != none && !loops(before, own)) nodes_[own].parent = before;
  }

  std::vector<std::size_t> pruned(const std::vector<std::size_t>& siblings, bool at_top) {
    std::vector<std::size_t> kept;
    for (const std::size_t node : siblings) {
      auto children = pruned(nodes_[node].children, false);
      if (!is_dummy(node) || (at_top && children.size() > 1)) {
        nodes_[node].children = std::move(children);
        kept.push_back(node);
      } else {
        kept.insert(kept.end(), children.begin(), children.end());
      }
    }
    return kept;
  }

  // What stands for it in an order: itself, or the first of a dummy's children, which are then in order.
  const Facts& face(std::size_t node) const {
    if (!is_dummy(node)) return facts_[nodes_[node].facts];
    const auto& children = nodes_[node].children;
    return facts_[nodes_[*std::min_element(children.begin(), children.end(), [this](std::size_t a, std::size_t b) {
                            return earlier(face(a), face(b));
                          })].facts];
  }
  void sort(std::vector<std::size_t>& siblings) const {
    std::sort(siblings.begin(), siblings.end(), [this](std::size_t a, std::size_t b) { return earlier(face(a), face(b)); });
  }
  void sort_below(std::size_t node) {
    for (const std::size_t child : nodes_[node].children) sort_below(child);
    sort(nodes_[node].children);
  }
  const BaseSubject& subject(std::size_t node) const {
    return is_dummy(node) ? facts_[nodes_[nodes_[node].children.front()].facts].subject : facts_[nodes_[node].facts].subject;
  }
  bool is_reply(std::size_t node) const { return !is_dummy(node) && subject(node).reply; }

  void gather_by_subject() {
    std::map<std::string, std::size_t, std::less<>> table;
    for (const std::size_t root : roots_) {
      const std::string& text = subject(root).text;
      if (text.empty()) continue;
      const auto [found, added] = table.try_emplace(text, root);
      if (added || is_dummy(found->second)) continue;
      if (is_dummy(root) || (is_reply(found->second) && !is_reply(root))) found->second = root;
    }
    std::vector<bool> moved(nodes_.size(), false);
    for (const std::size_t root : std::vector<std::size_t>(roots_)) {
      const std::string text = subject(root).text;
      if (text.empty() || table[text] == root) continue;
      merge(root, table[text], moved);
    }
    std::erase_if(roots_, [&](std::size_t root) { return root < moved.size() && moved[root]; });
  }

  void merge(std::size_t current, std::size_t& in_table, std::vector<bool>& moved) {
    if (is_dummy(current) && is_dummy(in_table)) {
      auto& children = nodes_[in_table].children;
      children.insert(children.end(), nodes_[current].children.begin(), nodes_[current].children.end());
    } else if (is_dummy(in_table) || (is_reply(current) && !is_reply(in_table))) {
      nodes_[in_table].children.push_back(current);
    } else {
      const std::size_t both = nodes_.size();
      nodes_.emplace_back();
      nodes_[both].children = {in_table, current};
      moved[in_table] = true;
      roots_.push_back(both);
      in_table = both;
    }
    moved[current] = true;
  }

  imap::ThreadNode tree(std::size_t node, std::size_t depth) const {
    imap::ThreadNode out;
    if (!is_dummy(node)) out.number = facts_[nodes_[node].facts].number;
    for (const std::size_t child : nodes_[node].children) {
      if (depth < deepest_thread) out.answers.push_back(tree(child, depth + 1));
      else flatten(child, out.answers);
    }
    return out;
  }
  void flatten(std::size_t top, std::vector<imap::ThreadNode>& out) const {
    std::vector<std::size_t> left{top};
    while (!left.empty()) {
      const std::size_t node = left.back();
      left.pop_back();
      out.push_back({facts_[nodes_[node].facts].number, {}});
      left.insert(left.end(), nodes_[node].children.rbegin(), nodes_[node].children.rend());
    }
  }

  const std::vector<Facts>& facts_;
  std::vector<Node> nodes_;
  std::unordered_map<std::string, std::size_t> by_id_;
  std::vector<std::size_t> roots_;
};

}  // namespace

// The first of each subject is answered by all the others.
std::vector<imap::ThreadNode> thread_by_subject(const std::vector<Facts>& facts) {
  std::vector<const Facts*> order;
  for (const Facts& one : facts) order.push_back(&one);
  std::sort(order.begin(), order.end(), [](const Facts* a, const Facts* b) {
    const int subjects = a->subject.text.compare(b->subject.text);
    return subjects != 0 ? subjects < 0 : earlier(*a, *b);
  });
  std::vector<std::pair<const Facts*, imap::ThreadNode>> threads;
  for (const Facts* one : order) {
    if (!threads.empty() && threads.back().first->subject.text == one->subject.text)
      threads.back().second.answers.push_back({one->number, {}});
    else
      threads.push_back({one, {one->number, {}}});
  }
  std::sort(threads.begin(), threads.end(), [](const auto& a, const auto& b) { return earlier(*a.first, *b.first); });
  std::vector<imap::ThreadNode> out;
  for (auto& [first, thread] : threads) out.push_back(std::move(thread));
  return out;
}

std::vector<imap::ThreadNode> thread_by_references(const std::vector<Facts>& facts) { return References(facts).take(); }

}  // namespace glasspost::sim
