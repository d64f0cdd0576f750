import { dirname, resolve } from "node:path";
import { nearest } from "../../config/nearest.ts";
import type { Profile } from "../../config/profile.ts";
import { profilesBeside } from "../../config/read.ts";
import { reportProblems } from "../../config/report.ts";
import { toJson } from "../core/json.ts";
import { complain, type Invocation, misuse, print } from "./invocation.ts";
import { sayProfiles } from "./profiles-text.ts";
import { type NamedProfile, profilePage, profileTable } from "./profiles-view.ts";

/**
 * `lifeline profiles [NAME]`: the device models that are known, those beside the configuration
 * among them, or all there is to know of one. With a word that is no name: those that it fits.
 * 1 where nothing fits, or the profile has faults.
 */
export function profiles(invocation: Invocation): number {
  const { config, lang, json, operands } = invocation;
  const [word = ""] = operands;
  const folders = profilesBeside(dirname(resolve(config)), lang);
  if (folders.has(word)) {
    const profile = folders.get(word) ?? null;
    if (profile === null) {
      complain(reportProblems(word, folders.problems(), lang).trimEnd());
      return 1;
    }
    if (json) print(toJson({ profile: word, ...profile }));
    else for (const line of profilePage(word, profile, lang)) print(line);
    return 0;
  }
  const all = [...folders.keys()]
    .toSorted()
    .map((name) => ({ name, profile: folders.get(name) ?? null }));
  const fitting = all.filter((each) => fits(each, word));
  if (json) print(toJson(fitting.map(summary)));
  if (fitting.length === 0) return tellNone(word, all, invocation);
  if (!json) {
    for (const line of profileTable(fitting, lang)) print(line);
    print("");
    print(sayProfiles(lang, "more"));
  }
  return fitting.some(({ profile }) => profile === null) ? 1 : 0;
}

/** Whether `word` is part of what the profile says of itself, in either language. */
function fits({ name, profile }: NamedProfile, word: string): boolean {
  const texts = profile === null ? [] : [profile.name, profile.measures];
  const told = [name, ...texts.flatMap((text) => [text.en, text["zh-CN"]])];
  return told.some((text) => text.toLowerCase().includes(word.toLowerCase()));
}

function summary({ name, profile }: NamedProfile): object {
  if (profile === null) return { profile: name, faulty: true };
  const { measures, source, points }: Profile = profile;
  return { profile: name, name: profile.name, measures, source, points: Object.keys(points) };
}

function tellNone(word: string, all: readonly NamedProfile[], invocation: Invocation): number {
  const { lang, json } = invocation;
  if (json) return 1;
  const names = all.map(({ name }) => name);
  const near = nearest(word, names);
  if (near === null) {
    complain(sayProfiles(lang, "none", { word }));
    return 1;
  }
  const unknown = sayProfiles(lang, "unknown", { name: word });
  return misuse(`${unknown}; ${sayProfiles(lang, "didYouMean", { name: near })}`, invocation);
}
