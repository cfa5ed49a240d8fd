// SPDX-License-Identifier: Apache-2.0
/**
 * Who may send what to whom: lists of named checks over facts, as Postfix's restriction lists.
 *
 * <p>Thread: any; a decision depends on its facts alone and keeps nothing. It refuses to know sessions, sockets and
 * clocks: what a check wants to know stands in its facts.
 *
 * <p>In Postfix: the access restrictions of smtpd(8), in access(5).
 */
@NullMarked
package dev.stafette.engine.policy;

import org.jspecify.annotations.NullMarked;
