declare module "*/exact-width.cjs" {
  /** How many terminal cells any text takes. */
  export function exactWidth(text: string): number;
}
