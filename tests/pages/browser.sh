# browser.sh: sourced by the tests of pages. $work is a temporary folder. see PAGE opens a page in a
# browser, 400 and 1400 pixels wide, compares its contents with the output of expected WIDTH, and checks
# that nothing is cut, damaged, loaded or refused. Exits with 77 (skipped) if there is no Chromium.
browser=
for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null; then browser=$name; fi
done
[ -n "$browser" ] || { echo "skipped: chromium is missing"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

see() {
  # The page with a script that describes its contents.
  sed -e "s/default-src 'none'/&; script-src 'unsafe-inline'/" "$1" >"$work/page.html"
  cat >>"$work/page.html" <<'HTML'
<script>
let refused = 0;
document.addEventListener('securitypolicyviolation', () => ++refused);
const all = (selector) => [...document.querySelectorAll(selector)];
// The load event also waits for these copies.
const copies = all('svg image, img').map((image) => Object.assign(new Image(), {src: image.src || image.href.baseVal}));
addEventListener('load', () => {
  const inside = (text) => {
    const own = text.getBoundingClientRect(), svg = text.closest('svg').getBoundingClientRect();
    return own.left >= svg.left - 1 && own.right <= svg.right + 1 && own.bottom <= svg.bottom + 1;
  };
  const root = document.documentElement;
  const seen = [
    `${innerWidth} wide:`,
    all('h2').map((heading) => heading.textContent).join(', '),
    `${all('section svg').length} pictures`,
    `${copies.length > 0} images`,
    `${copies.filter((copy) => copy.naturalWidth === 0).length} damaged`,
    `${all('svg text').filter((text) => !inside(text)).length} texts cut`,
    `${root.scrollWidth - root.clientWidth} pixels too wide`,
    `${performance.getEntriesByType('resource').filter((one) => !one.name.startsWith('data:')).length} loaded`,
    `${refused} refused`,
  ];
  // The browser waits for the load event of the outer page, which comes later.
  parent.document.body.append(Object.assign(parent.document.createElement('pre'), {textContent: `\n${seen.join('\n')}\n`}));
});
</script>
HTML
  cat >"$work/frames.html" <<'HTML'
<!DOCTYPE html>
<meta charset="utf-8">
<body><iframe src="page.html" width="400" height="3000"></iframe>
<iframe src="page.html" width="1400" height="3000"></iframe></body>
HTML
  timeout 120 "$browser" --headless --no-sandbox --disable-gpu --user-data-dir="$work/profile" \
    --allow-file-access-from-files --dump-dom "file://$work/frames.html" >"$work/seen" 2>"$work/browser.log" ||
    { cat "$work/browser.log"; exit 1; }
  for width in 400 1400; do
    { expected "$width"; cat <<TEXT; } >"$work/expected"
true images
0 damaged
0 texts cut
0 pixels too wide
0 loaded
0 refused
TEXT
    sed -n "/^$width wide:/,/refused/p" "$work/seen" >"$work/found"
    diff "$work/expected" "$work/found" || { echo "$width pixels wide: see above"; exit 1; }
  done
}
