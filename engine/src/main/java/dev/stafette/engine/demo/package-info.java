// SPDX-License-Identifier: Apache-2.0
/**
 * Shows the mail system at work: a source of messages, a sink that counts them, and {@code stafette demo}, which puts the
 * relay and a receiving site between. The benchmarks use the same source and sink.
 *
 * <p>Thread: one loop of its own each, or several; what they have counted can be read from any. Source and sink speak just
 * as much SMTP as they need (RFC 5321, 2920), and know nothing of the classes they put under load.
 */
@NullMarked
package dev.stafette.engine.demo;

import org.jspecify.annotations.NullMarked;
