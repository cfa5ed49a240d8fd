// SPDX-License-Identifier: Apache-2.0
/**
 * Puts a mail server under load: a source of numbered messages and a sink that counts which have come. The demo and the
 * benchmarks stand on them.
 *
 * <p>Thread: one loop of its own each, or several; what they have counted can be read from any. Source and sink speak just
 * as much SMTP as they need (RFC 5321, 2920), and know nothing of the classes they put under load.
 *
 * <p>In Postfix: smtp-source(1), smtp-sink(1).
 */
@NullMarked
package dev.stafette.engine.load;

import org.jspecify.annotations.NullMarked;
