#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "net/inner.h"

const char *
net_status_text(int status)
{
	static const struct {
		int status;
		const char *text;
	} list[] = {
		{ 200, "OK" }, { 204, "No Content" }, { 202, "Accepted" },
		{ 201, "Created" }, { 206, "Partial Content" },
		{ 301, "Moved Permanently" }, { 302, "Found" },
		{ 303, "See Other" }, { 304, "Not Modified" },
		{ 307, "Temporary Redirect" }, { 308, "Permanent Redirect" },
		{ 400, "Bad Request" }, { 401, "Unauthorized" },
		{ 402, "Payment Required" }, { 403, "Forbidden" },
		{ 404, "Not Found" }, { 405, "Method Not Allowed" },
		{ 406, "Not Acceptable" }, { 408, "Request Timeout" },
		{ 409, "Conflict" }, { 410, "Gone" },
		{ 411, "Length Required" }, { 412, "Precondition Failed" },
		{ 413, "Content Too Large" }, { 414, "URI Too Long" },
		{ 415, "Unsupported Media Type" },
		{ 416, "Range Not Satisfiable" },
		{ 417, "Expectation Failed" }, { 421, "Misdirected Request" },
		{ 422, "Unprocessable Content" }, { 423, "Locked" },
		{ 425, "Too Early" }, { 426, "Upgrade Required" },
		{ 428, "Precondition Required" },
		{ 429, "Too Many Requests" },
		{ 431, "Request Header Fields Too Large" },
		{ 451, "Unavailable For Legal Reasons" },
		{ 500, "Internal Server Error" }, { 501, "Not Implemented" },
		{ 502, "Bad Gateway" }, { 503, "Service Unavailable" },
		{ 504, "Gateway Timeout" },
		{ 505, "HTTP Version Not Supported" },
		{ 507, "Insufficient Storage" },
	};
	size_t i;

	for (i = 0; i < sizeof(list) / sizeof(*list); i++)
		if (list[i].status == status)
			return list[i].text;
	return "Unknown";
}

void
net_header(struct buf *headers, const char *name, const char *value, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (value[i] == '\r' || value[i] == '\n' || !value[i])
			headers->full = true;
	buf_adds(headers, name);
	buf_add(headers, ": ", 2);
	buf_add(headers, value, n);
	buf_add(headers, "\r\n", 2);
}

static void
add_number(struct buf *b, uint64_t n)
{
	char text[20];
	size_t i = sizeof(text);

	do
		text[--i] = (char)('0' + n % 10);
	while (n /= 10);
	buf_add(b, text + i, sizeof(text) - i);
}

/* A status line and what every reply has. */
static void
begin(struct buf *top, const struct net_loop *l, int status,
    const struct buf *headers)
{
	buf_adds(top, "HTTP/1.1 ");
	add_number(top, (uint64_t)status);
	buf_addc(top, ' ');
	buf_adds(top, net_status_text(status));
	buf_adds(top, "\r\nDate: ");
	buf_adds(top, l->date);
	buf_add(top, "\r\n", 2);
	if (headers)
		buf_add(top, headers->data, headers->len);
}

void
reply_begin(struct net_exchange *x, int status, const struct buf *headers)
{
	struct net_head *h = &x->head;

	x->answered = true;
	x->status = status;
	if (!h->keep || x->unread || x->loop->draining)
		x->close = true;
	begin(&x->top, x->loop, status, headers);
	if (x->close)
		buf_adds(&x->top, "Connection: close\r\n");
	else if (h->minor < 1)
		buf_adds(&x->top, "Connection: keep-alive\r\n");
}

static bool
bodiless(int status)
{
	return status == 204 || status == 304 || status < 200;
}

static void
take(struct buf *to, struct buf *from)
{
	*to = *from;
	*from = (struct buf)BUF_INIT(from->max);
}

static void
render(struct net_exchange *x, int status, const struct buf *headers,
    struct buf *body)
{
	reply_begin(x, status, headers);
	if (!bodiless(status)) {
		buf_adds(&x->top, "Content-Length: ");
		add_number(&x->top, body ? body->len : 0);
		buf_add(&x->top, "\r\n", 2);
	}
	buf_add(&x->top, "\r\n", 2);
	if (body && x->head.method != NET_HEAD && !bodiless(status))
		take(&x->rest, body);
	if (body)
		buf_release(body);
	x->out = x->rest.len;
}

void
net_reply(struct net_exchange *x, int status, const struct buf *headers,
    struct buf *body, bool close)
{
	struct buf none = BUF_INIT(1);

	assert(!x->answered);
	if ((headers && headers->full) || (body && body->full)) {
		/* A bug of the one who calls: nothing of it goes out. */
		status = 500;
		headers = NULL;
		buf_release(body ? body : &none);
		body = NULL;
	}
	x->close = close;
	render(x, status, headers, body);
	if (!x->conn) {
		exchange_done(x, true);
		return;
	}
	x->conn->phase = PHASE_REPLY;
	due_set(x->conn, DUE_WRITE);
	reply_write(x->conn);
}

static void
finish(struct conn *c)
{
	bool close = c->x->close;

	exchange_done(c->x, false);
	if (close)
		conn_linger(c);
	else
		conn_next(c);
}

void
reply_write(struct conn *c)
{
	struct net_exchange *x = c->x;
	size_t top = x->top.len, all = top + x->rest.len;
	struct iovec part[2];
	struct msghdr m = { .msg_iov = part };
	ssize_t n;

	while (x->sent < all) {
		m.msg_iovlen = 0;
		if (x->sent < top)
			part[m.msg_iovlen++] = (struct iovec){
			    x->top.data + x->sent, top - x->sent };
		if (x->rest.len)
			part[m.msg_iovlen++] = (struct iovec){ x->rest.data +
			    (x->sent > top ? x->sent - top : 0),
			    all - (x->sent > top ? x->sent : top) };
		n = sendmsg(c->fd, &m, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN) {
			conn_close(c);
			return;
		}
		if (n < 0) {
			conn_watch(c);
			return;
		}
		x->sent += (size_t)n;
		atomic_fetch_add_explicit(&c->loop->tally.out,
		    (unsigned long)n, memory_order_relaxed);
		if (x->sent < all)
			due_set(c, DUE_WRITE);
	}
	finish(c);
}

void
reply_interim(struct conn *c)
{
	static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";

	if (send(c->fd, text, sizeof(text) - 1, MSG_NOSIGNAL) !=
	    sizeof(text) - 1)
		conn_close(c);
}

/* To one who is not let in: as much as the socket takes. */
void
reply_refusal(struct net_loop *l, int fd, const char *reason)
{
	struct net_facts f = { .status = 503, .reason = reason };
	struct buf top = BUF_INIT(1 << 16), headers = BUF_INIT(1 << 16);
	struct buf body = BUF_INIT(1 << 16);
	char skip[1024];
	ssize_t n;

	l->server->calls.refuse(l->state, NULL, 503, reason, &headers, &body);
	begin(&top, l, 503, &headers);
	buf_addf(&top, "Connection: close\r\nContent-Length: %zu\r\n\r\n",
	    body.len);
	buf_add(&top, body.data, body.len);
	n = send(fd, top.data, top.len, MSG_NOSIGNAL | MSG_DONTWAIT);
	f.out = n > 0 ? body.len : 0;
	f.gone = n < (ssize_t)top.len;
	shutdown(fd, SHUT_WR);
	while (recv(fd, skip, sizeof(skip), MSG_DONTWAIT) > 0)
		;
	l->server->calls.done(l->state, NULL, &f);
	buf_release(&top);
	buf_release(&headers);
	buf_release(&body);
}
