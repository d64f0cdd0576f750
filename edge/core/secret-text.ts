/** Where a part of a text stands that is not in the configuration. */
export type SecretReference =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "env"; readonly name: string };

/**
 * A text that may be secret: its parts in their order, those that are only referred to unread. It
 * is put together when it is used, so that a password changed in its file is taken up then.
 */
export type SecretText = readonly (string | SecretReference)[];
