// Colours of charts, from the style sheet's variables, so that both agree in light, dark and print.

const listeners: (() => void)[] = [];
const dark = matchMedia("(prefers-color-scheme: dark)");

export interface Palette { ink: string; faint: string; grid: string; paper: string; accent: string; warn: string }

export function palette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const get = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return { ink: get("ink"), faint: get("faint"), grid: get("grid"), paper: get("paper"), accent: get("accent"), warn: get("warn") };
}

export function isDark(): boolean {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : dark.matches;
}

/** Tells who draws when colours change. */
export function onThemeChange(listener: () => void): void { listeners.push(listener); }

export function setTheme(theme: "light" | "dark" | null): void {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  for (const listener of listeners) listener();
}

/** The button switches to the other of what is shown; paper is light. */
export function startTheme(button: HTMLButtonElement): void {
  const label = () => { button.textContent = isDark() ? "Light" : "Dark"; };
  onThemeChange(label);
  button.addEventListener("click", () => setTheme(isDark() ? "light" : "dark"));
  dark.addEventListener("change", () => setTheme((document.documentElement.dataset.theme as "light" | "dark" | undefined) ?? null));
  let before: "light" | "dark" | null = null;
  addEventListener("beforeprint", () => {
    before = (document.documentElement.dataset.theme as "light" | "dark" | undefined) ?? null;
    setTheme("light");
  });
  addEventListener("afterprint", () => setTheme(before));
  label();
}

/** Colours of unordered series (after Okabe and Ito), for light and dark paper. */
const UNORDERED = { light: ["#0072b2", "#c65102", "#00785a", "#a8478a", "#8a6d00", "#3a7fae", "#5c4d9a", "#555555"],
                    dark: ["#5db7f0", "#ff9a57", "#38c79b", "#e79acb", "#e6c84a", "#9cc9ea", "#b3a5f0", "#bbbbbb"] };
/** Ends and middle of a scale for numbers (viridis, less its palest end on white and its darkest on black). */
const ORDERED = { light: ["#440154", "#3b528b", "#21918c", "#4fb34c", "#b8a500"], dark: ["#8a6fd1", "#5f8fdc", "#34b5ae", "#6ed06a", "#f0e44a"] };

function mixed(a: string, b: string, share: number): string {
  const channel = (text: string, i: number) => parseInt(text.slice(1 + 2 * i, 3 + 2 * i), 16);
  return "#" + [0, 1, 2].map((i) => Math.round(channel(a, i) * (1 - share) + channel(b, i) * share).toString(16).padStart(2, "0")).join("");
}

export function seriesColours(count: number, ordered: boolean): string[] {
  const theme = isDark() ? "dark" : "light";
  if (!ordered || count <= 1) return Array.from({ length: count }, (_, i) => UNORDERED[theme][i % UNORDERED[theme].length]);
  const stops = ORDERED[theme];
  return Array.from({ length: count }, (_, i) => {
    const at = i / (count - 1) * (stops.length - 1);
    const left = Math.min(Math.floor(at), stops.length - 2);
    return mixed(stops[left], stops[left + 1], at - left);
  });
}

/** Negative to positive, zero as the paper. */
export function divergingColours(): string[] {
  return isDark() ? ["#5fb0ff", "#2b5f94", "#26282c", "#9a4a22", "#ff9a57"] : ["#0b5394", "#8ab6dc", "#ffffff", "#f0a878", "#b33c00"];
}
