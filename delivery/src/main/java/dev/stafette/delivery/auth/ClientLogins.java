// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.auth;

import java.util.concurrent.Executor;

/**
 * How a client logs in ({@code smtp_sasl_auth_enable = yes}).
 * Thread: any (a value).
 *
 * @param softBounce what a server says against it for good is for now ({@code smtp_sasl_auth_soft_bounce})
 * @param namesActingUser the name is sent once more, as the one to act as ({@code send_cyrus_sasl_authzid})
 * @param workers for what takes its time: keys of SCRAM
 */
public record ClientLogins(CredentialSource source, boolean softBounce, boolean namesActingUser, Executor workers) {}
