// SPDX-License-Identifier: Apache-2.0
/**
 * Records of the Sender Policy Framework (RFC 7208 §4.6, §5, §6) and their macros (§7): text to values.
 *
 * <p>It refuses to know the DNS: who evaluates a record asks the questions.
 */
@NullMarked
package dev.stafette.codec.spf;

import org.jspecify.annotations.NullMarked;
