// SPDX-License-Identifier: Apache-2.0
/**
 * Who may send what to whom: lists of named checks over facts, by stage, with the verdicts of access(5). The part of
 * Postfix's smtpd that smtpd_*_restrictions drive.
 *
 * <p>Thread: any; a decision depends on its facts and on tables alone and keeps nothing, since it is made again when a slow
 * table has answered. It refuses to know sessions, sockets and clocks: what a check wants to know stands in its facts.
 *
 * <p>A restriction is one class and one row in {@link dev.stafette.engine.restriction.RestrictionTable}.
 */
@NullMarked
package dev.stafette.engine.restriction;

import org.jspecify.annotations.NullMarked;
