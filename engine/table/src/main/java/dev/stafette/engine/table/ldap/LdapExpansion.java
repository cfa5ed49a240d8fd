// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.ldap;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPURL;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.ldap.LdapSession.SearchFailure;
import dev.stafette.engine.table.server.ResultFormat;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;

/**
 * One lookup in a directory: the entries found, and those that their special attributes point at, turned into a result.
 * Thread: the one that looks up; used once.
 *
 * <p>An entry with a terminal attribute counts for that attribute alone. In one with a special attribute, leaf attributes
 * do not count: it is a group, and the addresses are those of its members.
 */
final class LdapExpansion {
    /** Of one lookup. The nesting is limited by {@code recursion_limit}; groups that point at each other grow in breadth. */
    static final int SEARCHES_MAX = 10_000;

    private final LdapSession session;
    private final LdapSource.Query query;
    private final LdapSource.Attributes attributes;
    private final String[] wanted;
    private final ResultFormat.Result result;

    private int searches;

    LdapExpansion(
            LdapSession session, LdapSource.Query query, LdapSource.Attributes attributes, ResultFormat.Result result) {
        this.session = session;
        this.query = query;
        this.attributes = attributes;
        this.wanted = attributes.all();
        this.result = result;
    }

    TableAnswer run(String base, String filter) throws IOException {
        try {
            search(base, query.scope(), Filter.create(filter), 1);
            return result.answer();
        } catch (LDAPException e) {
            return TableAnswer.unavailable("query_filter: " + e.getMessage());
        } catch (SearchFailure e) {
            // Where the base is made of the key, a base that is not there is a key that is not there.
            return e.isNoSuchObject() && query.base().dependsOnKey()
                    ? TableAnswer.notFound()
                    : TableAnswer.unavailable(base + ": " + e.getMessage());
        }
    }

    private void search(String base, SearchScope scope, Filter filter, int depth) throws IOException, SearchFailure {
        if (++searches > SEARCHES_MAX) {
            throw new SearchFailure("more than " + SEARCHES_MAX + " searches for one key", false);
        }
        SearchRequest request =
                new SearchRequest(base, scope, query.dereference(), query.sizeLimit(), 0, false, filter, wanted);
        for (SearchResultEntry entry : session.search(request)) {
            add(entry, depth);
        }
    }

    private void add(SearchResultEntry entry, int depth) throws IOException, SearchFailure {
        if (addOf(entry, attributes.terminal())) {
            return;
        }
        boolean isGroup = hasAny(entry, attributes.special());
        for (Attribute attribute : entry.getAttributes()) {
            String name = attribute.getBaseName().toLowerCase(Locale.ROOT);
            if (attributes.result().contains(name) || attributes.leaf().contains(name) && !isGroup) {
                addAll(attribute);
            }
            if (attributes.special().contains(name)) {
                follow(attribute, depth);
            }
        }
    }

    /** Returns whether there was a value. */
    private boolean addOf(SearchResultEntry entry, Set<String> names) {
        boolean any = hasAny(entry, names);
        if (any) {
            for (Attribute attribute : entry.getAttributes()) {
                if (names.contains(attribute.getBaseName().toLowerCase(Locale.ROOT))) {
                    addAll(attribute);
                }
            }
        }
        return any;
    }

    private static boolean hasAny(SearchResultEntry entry, Set<String> names) {
        for (Attribute attribute : entry.getAttributes()) {
            if (names.contains(attribute.getBaseName().toLowerCase(Locale.ROOT)) && attribute.hasValue()) {
                return true;
            }
        }
        return false;
    }

    private void addAll(Attribute attribute) {
        for (String value : attribute.getValues()) {
            result.add(value);
        }
    }

    private void follow(Attribute attribute, int depth) throws IOException, SearchFailure {
        for (String value : attribute.getValues()) {
            if (result.isOverLimit()) {
                return;
            }
            if (depth >= query.recursionLimit()) {
                throw new SearchFailure("groups nested deeper than recursion_limit = " + query.recursionLimit(), false);
            }
            if (isUrl(value)) {
                followUrl(value, depth);
            } else {
                followName(value, depth);
            }
        }
    }

    private static boolean isUrl(String value) {
        String lower = value.toLowerCase(Locale.ROOT);
        return lower.startsWith("ldap://") || lower.startsWith("ldaps://") || lower.startsWith("ldapi://");
    }

    /** The search that the URL says; the host in it is not asked, since it has no password of ours. */
    private void followUrl(String value, int depth) throws IOException, SearchFailure {
        try {
            LDAPURL url = new LDAPURL(value);
            search(url.getBaseDN().toString(), url.getScope(), url.getFilter(), depth + 1);
        } catch (LDAPException e) {
            throw new SearchFailure("not an LDAP URL: " + value, false);
        }
    }

    private void followName(String name, int depth) throws IOException, SearchFailure {
        try {
            search(name, SearchScope.BASE, Filter.createPresenceFilter("objectClass"), depth + 1);
        } catch (SearchFailure e) {
            // A member who has left: the group has the others still.
            if (!e.isNoSuchObject()) {
                throw e;
            }
        }
    }
}
