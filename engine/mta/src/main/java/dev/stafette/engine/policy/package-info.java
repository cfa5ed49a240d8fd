// SPDX-License-Identifier: Apache-2.0
/**
 * The client of policy servers, as smtpd(8) has it (SMTPD_POLICY_README): a request of
 * {@code name=value} lines and an empty one, and an answer of the same form. Connections are kept and used again.
 *
 * <p>Thread: event loop of whoever asks; a judgement asks a slow source and is made again when the answer is there. The
 * package refuses to know what is in a request, and what an action means.
 */
@NullMarked
package dev.stafette.engine.policy;

import org.jspecify.annotations.NullMarked;
