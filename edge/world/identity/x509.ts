/**
 * What of the X.509 library is used. A file of its own: where the program is bundled, a package of the
 * older kind that is loaded as it is needed comes without its names.
 */
// The library does not load without.
import "reflect-metadata";

export { Pkcs10CertificateRequestGenerator, X509Certificates } from "@peculiar/x509";
