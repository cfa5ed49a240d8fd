// SPDX-License-Identifier: Apache-2.0
/**
 * Sockets in the file system, by which local programs talk to the process, as master(8) has them for its daemons; and connections
 * from a loop to a server that main.cf names, there or at an address.
 *
 * <p>Thread: any. It refuses to know what is said over them.
 */
@NullMarked
package dev.stafette.engine.socket;

import org.jspecify.annotations.NullMarked;
