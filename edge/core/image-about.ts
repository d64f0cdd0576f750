/** The file of an image's first partition that says what it is. */
export const IMAGE_ABOUT = "image.json";

/** What an image is: the release that its cards begin with, and the classes of boards that it is for. */
export type ImageAbout = { readonly release: string; readonly hardware: readonly string[] };

/** The text of `image.json`, a line. */
export function imageAboutText({ release, hardware }: ImageAbout): string {
  return `${JSON.stringify({ v: 1, release, hardware })}\n`;
}

/** What the text of an `image.json` says; null where it is none that this release knows. Never throws. */
export function imageAboutIn(text: string): ImageAbout | null {
  try {
    const { v, release, hardware } = JSON.parse(text);
    const isList =
      Array.isArray(hardware) && hardware.every((each: unknown) => typeof each === "string");
    return v === 1 && typeof release === "string" && isList ? { release, hardware } : null;
  } catch {
    return null;
  }
}
