// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import java.net.InetAddress;

/**
 * Who brings a message, as a proxy in front tells it.
 * Thread: any (a value).
 *
 * @param helo what it called itself
 * @param isStranger what its mail says of itself is to be proved
 */
public record SendingClient(InetAddress address, String helo, boolean isStranger) {}
