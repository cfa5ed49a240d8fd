// SPDX-License-Identifier: Apache-2.0
/**
 * What judgements ask the DNS, as smtpd(8) and dnsblog(8) do: records of a name, and entries of a DNS list. Questions are
 * slow sources like those of tables, so that a judgement is made again when the answer is there (decision 13).
 *
 * <p>Thread: any. It refuses to know what an answer means for anybody's mail. RFC 1035, RFC 5782, RFC 7505.
 */
@NullMarked
package dev.stafette.engine.names;

import org.jspecify.annotations.NullMarked;
