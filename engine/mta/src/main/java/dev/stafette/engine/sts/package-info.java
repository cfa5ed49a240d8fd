/**
 * What domains publish over HTTPS of the TLS of their mail servers (MTA-STS, RFC 8461): finds it by DNS, fetches it, and keeps
 * it in a file, as it is meant to be believed for weeks. Postfix has no part for this: what smtp(8) makes of it is in
 * {@code engine.delivery}. Nothing here waits on an event loop, and a fetch that does not end ends by its time-out.
 */
@NullMarked
package dev.stafette.engine.sts;

import org.jspecify.annotations.NullMarked;
