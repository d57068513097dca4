/*
 * api - the routes of the server: a request in, a verb of a domain, a reply.
 *
 * Each family of routes is an array, routes_NAME, at the end of its file and
 * ended by a zeroed row; families.def lists them.  A row is all that there is
 * about a route: the server matches, checks and documents by it, and calls
 * act() last, when the caller is known and the shape of path, query and body
 * is as the row says (spec/vmp.md 1.3).
 *
 * act() of class ROUTE_READ runs on a thread of many, inside a snapshot of
 * its own connection.  ROUTE_WRITE runs on the one thread that writes, inside
 * a transaction and a savepoint: it calls functions that end in _in, and
 * neither begins nor commits; what a refused call has written is undone, and
 * its reply goes out after the commit.  ROUTE_ALONE has that thread for
 * itself between transactions, and begins and commits, as a sweep does.
 * ROUTE_SLOW is a read that may take long, and runs aside.
 *
 * ROUTE_STREAM is a read whose reply has no end: act() may refuse, and says by
 * call_resume() where in the log it begins.  From there on tell() is asked of
 * each leaf (feed.h), while the caller may still call.
 *
 * before() of a ROUTE_WRITE does what must not keep the writer: it runs aside
 * as a read does, leaves what it finds in found for act(), and may refuse.  A
 * call that was answered before under its key is answered so all the same.
 * That of a ROUTE_ALONE may do all there is, and refuse: then act() is not
 * called.
 *
 * A reply is 200 with the JSON value in out, unless act() says otherwise.  A
 * refusal is -1 and an error, whose code says the status; detail is the fixed
 * text of its code (say.def), else the error's message.
 * Units: _ms since 1970 UTC.
 */
#ifndef API_H
#define API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/amount.h"
#include "base/buf.h"
#include "base/chance.h"
#include "base/err.h"
#include "base/json.h"
#include "base/param.h"
#include "crypto/hash.h"
#include "crypto/secret.h"
#include "node/node.h"

struct api;
struct hook_target;
struct language;
struct ledger;
struct runtime;
struct sign_key;
struct sign_public;
struct store;
struct token_key;

enum caller {
	CALLER_NOBODY, CALLER_NODE, CALLER_ADMIN, CALLER_SYNC,
	CALLER_INTERNAL,
	CALLER_PEER,		/* of another grid: signed by a known key */
};

/* Who may call: any of these.  0 is everybody, and nobody is asked who. */
enum {
	AUTH_NODE = 1 << CALLER_NODE,
	AUTH_ADMIN = 1 << CALLER_ADMIN,
	AUTH_SYNC = 1 << CALLER_SYNC,
	AUTH_INTERNAL = 1 << CALLER_INTERNAL,
	AUTH_PEER = 1 << CALLER_PEER,
};

enum route_class {
	ROUTE_READ, ROUTE_WRITE, ROUTE_SLOW, ROUTE_ALONE, ROUTE_STREAM
};

/* How refusals look (spec/vmp.md 1.5): the body, never the status. */
enum dialect {
	DIALECT_VMP,		/* {"detail","code"} */
	DIALECT_ERROR,		/* {"error":{"code","message"}} */
	DIALECT_MCP,		/* {"error_type","message","retry_hint"} */
};

enum {
	ROUTE_KNOWS = 1,	/* public, but reads valid credentials */
	ROUTE_EXEMPT = 2,	/* the guardian does not read its bodies */
	ROUTE_DEMO = 4,		/* of the embedded demo: vmp 1.11 */
	ROUTE_ANY_BODY = 8,	/* raw is all there is: no JSON is read */
	ROUTE_LOCAL = 16,	/* callers on this machine need no key, unless
				   a proxy that is not trusted is between */
	ROUTE_FORBIDS = 32,	/* without the admin key 403, not 401 */
	ROUTE_BASIC = 64,	/* takes the admin key by HTTP Basic as well */
	ROUTE_ALIAS = 128,	/* answers with Deprecation */
	ROUTE_KEY = 256,	/* needs an idempotency key */
	ROUTE_ANY_PEER = 512,	/* AUTH_PEER: also of one that is not pinned */
	ROUTE_SIGNER = 1024,	/* public; a good signature tells peer */
	ROUTE_WALLET = 2048,	/* is there only with enable_wallet */
	ROUTE_MAKES = 4096,	/* 201 instead of 200 for what is new */
};

/* The limits on calls of a route (spec/vmp.md 1.7): rate.def. */
#define RATE(name, param, whose, seconds, words) RATE_##name,
enum rate {
	RATE_NONE,
#include "api/rate.def"
	RATE__COUNT
};

/* What people are told who call what is for programs. */
#define API_FOR_MACHINES "This grid is for machines: agents call its API, " \
    "people read its mission"

#define ROUTE_PARAMS 4
#define ROUTE_BODY_S (64 << 10)
#define ROUTE_BODY_L (1 << 20)

struct call {
	const struct route *route;
	const struct api *api;
	const char *param[ROUTE_PARAMS];	/* of the {names}, decoded */

	/*
	 * Objects, which have no node where there are none.  Members of the
	 * query are strings, but those whose schema says integer, number or
	 * boolean.  Members of the body that are null count as absent, and
	 * pass; json_opt_...() and call_...() take them so.
	 */
	struct json body, query;
	const char *raw;		/* the body as it came */
	size_t raw_n;

	enum caller who;
	struct node node;		/* of CALLER_NODE */
	char peer[HASH_HEX];		/* node_id of who signed, or "" */

	struct store *store;		/* in a write that of the ledger */
	struct ledger *ledger;		/* NULL unless this is a write */
	const struct params *params;
	struct chance *chance;
	int64_t now_ms;			/* in a write log time: ledger_now() */
	const char *base_url;		/* without a slash at its end */
	const char *request_id, *ip, *key;	/* key: idempotency, or NULL */

	/* The reply. */
	struct buf out;			/* JSON, or text of type */
	struct buf headers;		/* "Name: value\r\n" each */
	const char *type;		/* NULL: application/json */
	int status;			/* 0: 200; of a refusal: by its code */
	struct buf kept;		/* what a replay is answered with in
					   place of out; empty: out itself */
	bool conclude;			/* -1, and keep what was written */

	/* What before() leaves to act(); let_go() is called with the end. */
	void *found;
	void (*let_go)(void *);
	bool done;			/* by before() of a ROUTE_ALONE */

	/* A refusal, beside its code. */
	const char *detail;		/* NULL: by say.def, or the message */
	struct buf more;		/* members: by the json writer */
};

typedef int route_act(struct call *, struct err *);

/*
 * Append the lines "event" and "data" of a leaf, as who hears of it; nothing
 * if it is none of his.  who is a node, or "" of other callers.
 */
struct told;
typedef int route_tell(struct told *, const char *who, struct buf *out,
    struct err *);

struct route {
	const char *method, *pattern;	/* "/v1/nodes/{node_id}/cri"; a last
					   segment "*" takes all that is left */
	unsigned auth;
	enum route_class class;
	enum rate rate;
	/*
	 * JSON Schema texts of an object: "type", "properties", "required".
	 * A property may be {"format":"money","x-least":"0.01","x-most":"10"}.
	 * NULL: nothing is read.  A body that requires nothing may be absent.
	 */
	const char *query, *body;
	size_t body_max;		/* 0: ROUTE_BODY_S */
	enum dialect dialect;
	unsigned flags;
	const char *summary;
	const char *codes;		/* error words, parted by blanks */
	route_act *act;
	const char *tag;		/* the family, in the documentation */
	const char *reply;		/* a 200, in the words of reply.h */
	const char *media;		/* of a 200, parted by ", "; NULL:
					   application/json */
	route_act *before;		/* of a write or ROUTE_ALONE; or NULL */
	const char *before_if;		/* only with this member of the body */
	/*
	 * AUTH_PEER: the key that a request brings along for the case that
	 * its signer is not known.  NULL: such a one is nobody.
	 */
	int (*key)(const struct call *, struct sign_public *, struct err *);
	route_tell *tell;		/* of a ROUTE_STREAM */
};

/* The families: families.def. */
#define FAMILY(name) extern const struct route routes_##name[];
#include "api/families.def"

/*
 * Members of a checked body or query, in the way handlers read them: the
 * object may have no node.  What is absent or null is what otherwise says.
 */
const char *call_str(const struct json *object, const char *key,
    const char *otherwise);
int64_t call_int(const struct json *object, const char *key,
    int64_t otherwise);
bool call_bool(const struct json *object, const char *key, bool otherwise);

/*
 * One of format money: its value in hundredths, or as canonical text ("9.70");
 * false if it is not there.
 */
bool call_money(const struct json *object, const char *key, int64_t *minor);
bool call_money_text(const struct json *object, const char *key,
    char out[AMOUNT_TEXT]);

/*
 * A refusal of the shape of a member that no schema can say: 422 with that
 * field, as vmp 1.5, 2 has it; -1.
 */
int call_fault(struct call *, const char *member, const char *message,
    struct err *);

/* The same inside a member: path is an array of keys and indexes. */
int call_fault_at(struct call *, const char *path, const char *message,
    struct err *);

/* A field of the reply; CR, LF and NUL in a value are a bug of ours. */
void call_header(struct call *, const char *name, const char *value);

/* A field of the request, its name in lower case; NULL without it. */
const char *call_field(const struct call *, const char *name);

/*
 * The reply is a document that others may keep for a while: ETag and
 * Cache-Control, and 304 to who has it already.  Once out is whole.
 */
void call_document(struct call *);

/*
 * A reply, or its end, that depends on its key and the store alone: append
 * what was remembered, if the store is as it was; remember what out has from
 * there on.  Of ROUTE_READ; elsewhere, and with an empty key, nothing is.
 */
bool call_recall(struct call *, const char *key);
void call_remember(struct call *, const char *key, size_t from);

/*
 * Of a ROUTE_STREAM: begin behind the leaf that the field Last-Event-ID names,
 * else the member "after" of the query, else with what comes.  E_validation
 * for one that is not in the log.
 */
int call_resume(struct call *, struct err *) CHECKED;

/*
 * The writer's ledger, for ROUTE_ALONE, whose store is call.store: to be
 * begun, or handed to settle_sweep().
 */
struct ledger **call_ledger(struct call *);
bool call_clock_sane(const struct call *);	/* as for ledger_begin() */

/* A sweep of ROUTE_ALONE has closed something: sign the log. */
void call_swept(struct call *);

/* What may be answered for a node only to itself: is the caller this node? */
bool call_is(const struct call *, const char *node_id);

/* "production" or "sandbox": what a public list shows this caller. */
const char *call_realm(const struct call *);

/* Write a node's new API key into an open object; its hash is for the row. */
void call_new_key(struct call *, struct buf *object, const char *member,
    const char *node_id, char hash[HASH_HEX]);

/*
 * Is the API key that the call came with still that of its node?  It may have
 * been replaced while the call waited: E_auth_failed.  Inside a write.
 */
int call_key_holds(struct call *, struct err *) CHECKED;

/* Write "access_token", "session_token", "token_type" and "expires_in". */
void call_new_token(struct call *, struct buf *object, const char *node_id);

/* The key that signs tokens and receipts. */
const struct token_key *call_token_key(const struct call *);

/* Skills that programs of the operator run. */
const struct runtime *call_runtime(const struct call *);

/* What is known of languages, which all threads share. */
struct language *api_language(const struct api *);

/*
 * Judge where calls to others may go, as hook_target(); it asks the DNS, and
 * so is for before().
 */
int call_target(struct call *, const char *url, struct hook_target *out,
    struct err *) CHECKED;

/* What secrets of webhooks are sealed with; secret_release(). */
void call_hook_key(const struct call *, struct secret *out);

/*
 * The key of the server's own node, borrowed.  E_key_unconfigured while its
 * passphrase is not known, or there is no key.  Its public half is NULL only
 * in the last case.
 */
int call_node_key(const struct call *, const struct sign_key **,
    struct err *) CHECKED;
const struct sign_public *call_node_public(const struct call *);

/*
 * Make that key; or another in its place, and append the statement of both: a
 * call of ROUTE_ALONE; sign_key_release().  E_identity_exists if it is not to
 * be replaced; E_key_unconfigured if the server was given no passphrase to
 * lock it with; as identity_create() and identity_rotate().
 */
int call_node_make(struct call *, bool replace, struct sign_key *out,
    struct buf *statement, struct err *) CHECKED;

/* The home of the server, and other things that it was started with. */
const char *api_home(const struct api *);
const char *api_version(const struct api *);
int64_t api_started_ms(const struct api *);
bool api_writes(const struct api *);	/* does its writer get on? */
bool call_reads(const struct call *);	/* does the store answer? */

#endif
