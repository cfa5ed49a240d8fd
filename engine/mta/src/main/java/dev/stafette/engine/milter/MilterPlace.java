// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.milter;

import java.nio.file.Path;
import java.util.concurrent.Executor;

/**
 * What milters of all services share.
 * Thread: any (a value).
 *
 * @param queueDirectory where paths of sockets start
 * @param workers for what may block: names of servers, reading messages
 */
public record MilterPlace(Path queueDirectory, Executor workers) {}
