/** Something said of a frame. */
export type Remark<Kind extends string> = {
  readonly kind: Kind;
  /** The first byte that it is about, counted from 1; null where it is about none. */
  readonly at: number | null;
  /** What its text names. */
  readonly data: Readonly<Record<string, string | number>>;
};

/** What was remarked of a frame so far: what is wrong, and what is only remarkable. */
export class RemarkList<FaultKind extends string, NoteKind extends string> {
  readonly faults: Remark<FaultKind>[] = [];
  readonly notes: Remark<NoteKind>[] = [];

  /** `index` is the byte's, from 0; null where it is about none. */
  fault(kind: FaultKind, index: number | null, data: Remark<FaultKind>["data"] = {}): void {
    this.faults.push({ kind, at: index === null ? null : index + 1, data });
  }

  /** Likewise, of what does not keep from believing the frame. */
  note(kind: NoteKind, index: number | null, data: Remark<NoteKind>["data"] = {}): void {
    this.notes.push({ kind, at: index === null ? null : index + 1, data });
  }
}
