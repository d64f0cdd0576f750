import { answerTo } from "../world/confirm.ts";

/** Whether the person at the terminal says yes to `question`. */
export async function agreesTo(question: string): Promise<boolean> {
  const answer = await answerTo(question);
  return ["y", "yes", "是"].includes(answer.trim().toLowerCase());
}
