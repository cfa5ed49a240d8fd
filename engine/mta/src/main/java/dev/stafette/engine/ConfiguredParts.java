// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import dev.stafette.codec.dsn.DsnKind;
import dev.stafette.delivery.tls.TlsEngine;
import dev.stafette.engine.auth.AuthServers;
import dev.stafette.engine.authres.VerificationSteps;
import dev.stafette.engine.bounce.BounceSettings;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.ServiceRow;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.dkim.SigningSteps;
import dev.stafette.engine.feedback.FeedbackSteps;
import dev.stafette.engine.intake.CleanupServices;
import dev.stafette.engine.intake.IntakeSettings;
import dev.stafette.engine.intake.StepSources;
import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.milter.MilterPlace;
import dev.stafette.engine.milter.SubmissionMilters;
import dev.stafette.engine.names.HostsFile;
import dev.stafette.engine.names.NameQuestions;
import dev.stafette.engine.notice.NoticeClass;
import dev.stafette.engine.notice.NoticeSettings;
import dev.stafette.engine.notice.Postmaster;
import dev.stafette.engine.pickup.PickupSettings;
import dev.stafette.engine.pipe.PipeSettings;
import dev.stafette.engine.pipe.SpawnServices;
import dev.stafette.engine.policy.PolicyServers;
import dev.stafette.engine.queue.QueueRules;
import dev.stafette.engine.restriction.RestrictionSources;
import dev.stafette.engine.rewrite.AddressClasses;
import dev.stafette.engine.rewrite.AddressRewriter;
import dev.stafette.engine.route.Routes;
import dev.stafette.engine.screen.ScreenSettings;
import dev.stafette.engine.smtp.ProcessRoom;
import dev.stafette.engine.smtp.ServiceSources;
import dev.stafette.engine.smtp.SmtpServiceSettings;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.types.OpenTables;
import dev.stafette.engine.table.types.TableTypes;
import dev.stafette.engine.tls.ServerContexts;
import dev.stafette.engine.verify.VerifySettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one configuration says to the owners of the process that a reload reaches, made whole before any of it is used: it
 * throws a ConfigException, and nothing has changed.
 * Thread: start-up and admin.
 *
 * @param probeRoutes where messages go that only ask whether their recipient exists
 * @param rewriter completes addresses of mail that comes in again
 * @param servers by the smtpd rows of master.cf
 * @param screens by the postscreen rows
 * @param room what their sessions share
 * @param pickup null without a row for it
 * @param reports how reports come in
 * @param requeued how mail comes in once more
 * @param postmasters who is told of errors of servers, by a client's settings
 * @param addresses how addresses are verified; null without a row for it
 * @param tables those that lists name
 * @param policies servers that lists name
 * @param logins servers that check them
 */
record ConfiguredParts(
        Routes routes,
        Routes probeRoutes,
        AddressRewriter rewriter,
        QueueRules queue,
        BounceSettings bounces,
        Map<ServiceRow, SmtpServiceSettings> servers,
        Map<ServiceRow, ScreenSettings> screens,
        ProcessRoom room,
        @Nullable PickupSettings pickup,
        IntakeSettings reports,
        IntakeSettings requeued,
        Function<Settings, Postmaster> postmasters,
        @Nullable VerifySettings addresses,
        OpenTables tables,
        PolicyServers policies,
        AuthServers logins)
        implements AutoCloseable {
    /**
     * @param warnings gets what is wrong with templates of reports, which are left out
     */
    static ConfiguredParts open(Configuration configuration, Machinery machinery, Consumer<String> warnings) {
        MailLog log = machinery.log();
        OpenTables tables = new OpenTables(new TableHost(
                        TableTypes::open,
                        configuration.queueDirectory(),
                        configuration.settings()::expand,
                        text -> log.warning("trivial-rewrite", text),
                        System::nanoTime,
                        machinery.workers())
                .with(configuration.settings().lentFiles())
                .with(configuration.settings().ports()));
        PolicyServers policies =
                new PolicyServers(machinery.loops().in(), machinery.workers(), configuration.queueDirectory());
        AuthServers logins = new AuthServers(
                machinery.loops().in(),
                machinery.workers(),
                configuration.queueDirectory(),
                text -> log.warning("smtpd", text));
        RestrictionSources sources = new RestrictionSources(
                new NameQuestions(machinery.dns().ofAnyThread(), HostsFile.ofSystem()),
                policies,
                machinery.addresses(),
                log);
        try {
            ServerContexts contexts = new ServerContexts(
                    TlsEngine::best,
                    machinery.tickets(),
                    tables,
                    machinery.workers(),
                    text -> log.warning("smtpd", text));
            MilterPlace milters = new MilterPlace(configuration.queueDirectory(), machinery.workers());
            return of(
                    configuration, tables, new ServiceSources(sources, logins, contexts, milters), machinery, warnings);
        } catch (ConfigException e) {
            tables.close();
            throw e;
        }
    }

    private static ConfiguredParts of(
            Configuration configuration,
            OpenTables tables,
            ServiceSources sources,
            Machinery machinery,
            Consumer<String> warnings) {
        Settings settings = configuration.settings();
        MailLog log = machinery.log();
        configuration.services().forEach(PipeSettings::check);
        SpawnServices.check(configuration);
        Settings resolver = settings.ofResolver();
        AddressClasses classes = AddressClasses.of(resolver, tables);
        VerificationSteps verifications =
                new VerificationSteps(sources.restrictions().names(), machinery.signing());
        FeedbackSteps feedback = new FeedbackSteps(machinery.seen(), machinery.events(), machinery.workers());
        CleanupServices cleanups = new CleanupServices(
                settings,
                configuration.services(),
                tables,
                new StepSources(
                        feedback::of,
                        verifications::of,
                        cleanup -> SubmissionMilters.of(cleanup, sources.milters()),
                        feedback::sealOf,
                        new SigningSteps(tables, machinery.signing())::of,
                        verifications::sealOf));
        List<ServiceRow> smtpdRows =
                configuration.services().stream().filter(ServiceRow::isSmtpd).toList();
        ProcessRoom room = ProcessRoom.ofThisProcess(smtpdRows.size());
        Map<ServiceRow, SmtpServiceSettings> servers = new LinkedHashMap<>();
        for (ServiceRow row : smtpdRows) {
            servers.put(row, SmtpServiceSettings.of(settings, row, tables, cleanups, sources, room));
        }
        AddressRewriter rewriter = AddressRewriter.of(resolver, classes);
        Settings ofBounce = configuration.settingsOf("bounce");
        NoticeSettings notices = NoticeSettings.of(ofBounce, rewriter);
        BounceSettings bounces = BounceSettings.of(ofBounce, notices, warnings);
        Map<ServiceRow, ScreenSettings> screens = new LinkedHashMap<>();
        configuration.services().stream()
                .filter(ServiceRow::isPostscreen)
                .forEach(row -> screens.put(row, ScreenSettings.of(settings, row, tables, sources.contexts())));
        ServiceRow pickupRow = PickupSettings.row(configuration.services());
        return new ConfiguredParts(
                Routes.of(resolver, warned(classes, resolver, log), tables),
                Routes.ofProbes(resolver, classes, tables),
                rewriter,
                QueueRules.of(configuration, notices.tellsOf(NoticeClass.DELAY)),
                bounces,
                servers,
                screens,
                room,
                pickupRow == null
                        ? null
                        : PickupSettings.of(settings, pickupRow, tables, cleanups, bounces.wording(DsnKind.FAILURE)),
                cleanups.ofOurs(ofBounce, "bounce"),
                cleanups.of(pickupRow == null ? settings : settings.forService(pickupRow)),
                client -> Postmaster.of(client, rewriter, cleanups),
                VerifySettings.of(settings, configuration.services(), tables, cleanups),
                tables,
                sources.restrictions().policies(),
                sources.logins());
    }

    private static AddressClasses warned(AddressClasses classes, Settings settings, MailLog log) {
        return settings.flag("helpful_warnings")
                ? classes.withWarnings(text -> log.warning("trivial-rewrite", text))
                : classes;
    }

    /** Sessions that began with these parts go on with them. */
    @Override
    public void close() {
        tables.close();
        policies.close();
        logins.close();
    }
}
