// SPDX-License-Identifier: Apache-2.0
/**
 * Shows the mail system at work: {@code stafette demo} puts a relay and a receiving site, each in a process of its own,
 * behind the source of {@code load}.
 *
 * <p>Thread: main. It sees of the processes what an administrator sees: their ports, the admin socket, /proc.
 *
 * <p>In Postfix: nothing; its makers show it with smtp-source(1) and smtp-sink(1).
 */
@NullMarked
package dev.stafette.engine.demo;

import org.jspecify.annotations.NullMarked;
