#!/usr/bin/env bash
# smoke.sh PROGRAM: opens the window on a virtual display, presses Space, looks at it, leaves by Ctrl+Q.
# Exit status 77 where there is no Xvfb or xdotool.
set -u
command -v xvfb-run >/dev/null && command -v xdotool >/dev/null && command -v xwd >/dev/null || exit 77
if [ "${2:-}" != inside ]; then
  home=$(mktemp -d) && trap 'rm -rf "$home"' EXIT
  XDG_CONFIG_HOME=$home LC_ALL= LC_MESSAGES=es_ES.UTF-8 xvfb-run -a -s "-screen 0 1440x900x24" "$0" "$1" inside || exit
  grep -q 'language = es' "$home/glasspost/window" || { echo "the language was not remembered"; cat "$home"/glasspost/*; exit 1; }
  grep -q 'greeted = yes' "$home/glasspost/window" || { echo "that Play was pressed was not remembered"; exit 1; }
  exit 0
fi
"$1" & program=$!
window=$(timeout 20 xdotool search --sync --onlyvisible --name '^Glasspost$' | head -1)
[ -n "$window" ] || { echo "no window opened"; kill "$program"; exit 1; }
sleep 1
before=$(xwd -silent -id "$window" | md5sum)
xdotool windowfocus "$window" key space
sleep 2
after=$(xwd -silent -id "$window" | md5sum)
[ -n "${PICTURE:-}" ] && xwd -silent -id "$window" > "$PICTURE"
xdotool key --window "$window" ctrl+q 2>/dev/null || true
xdotool key ctrl+q 2>/dev/null || true
for _ in $(seq 50); do kill -0 "$program" 2>/dev/null || break; sleep 0.1; done
kill -0 "$program" 2>/dev/null && { echo "Ctrl+Q did not close the window"; kill "$program"; exit 1; }
wait "$program" || { echo "the program failed"; exit 1; }
[ "$before" != "$after" ] || { echo "Play changed nothing in the window"; exit 1; }
