// SPDX-License-Identifier: Apache-2.0
/**
 * What other mail systems write back: delivery status notifications (RFC 3464, 6533), the bounces of those that know no such
 * form, and the reports of feedback loops (RFC 5965). Pure; lenient in what it reads, and bounded in depth, parts, size and number
 * of recipients, because anybody can send such mail.
 */
@NullMarked
package dev.stafette.codec.report;

import org.jspecify.annotations.NullMarked;
