// What the page is built of. Text goes into it as text alone: a name with `<` in it stays a name.

/** The element with `id`, which is in the page. */
export function byId(id) {
  return document.getElementById(id);
}

/** An element `tag` with `attributes`; `null` among `children` is left out. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") made.addEventListener("click", value);
    else if (value !== null) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** Puts `text` into `target` where it is another: what is read aloud is not read again. */
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/**
 * Makes the children of `list` those of `items`, each known by its `key`: one whose `state` is as
 * before stays as it is, with the focus that it may have.
 */
export function renew(list, items, { key, state, build }) {
  const old = new Map([...list.children].map((child) => [child.dataset.key, child]));
  const wanted = items.map((item) => {
    const name = key(item);
    const now = JSON.stringify(state(item));
    const known = old.get(name);
    if (known?.dataset.state === now) return known;
    const focused = known?.contains(document.activeElement) ? document.activeElement : null;
    const built = build(item);
    built.dataset.key = name;
    built.dataset.state = now;
    if (known !== undefined) known.replaceWith(built);
    if (focused !== null) built.querySelector(`[data-act="${focused.dataset.act}"]`)?.focus();
    return built;
  });
  wanted.forEach((child, at) => {
    if (list.children[at] !== child) list.insertBefore(child, list.children[at] ?? null);
  });
  while (list.children.length > wanted.length) list.lastElementChild.remove();
}
