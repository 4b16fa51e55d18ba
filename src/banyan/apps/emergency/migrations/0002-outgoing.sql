-- What leaves the house: Web Push to people's devices, and calls of a site's own hook for SMS or voice.
-- depends: 0001-emergency

drop table emergency.push_subscription;

create table emergency.push_subscription (
    endpoint  text primary key,
    account   text not null,
    device    text,
    keys      jsonb not null,
    made_at   timestamptz not null default now()
);
create index push_subscription_account on emergency.push_subscription (account);

create table emergency.outgoing (
    id          uuid primary key default gen_random_uuid(),
    way         text not null check (way in ('push', 'hook')),
    target      text not null,
    payload     jsonb not null,
    made_at     timestamptz not null default now(),
    until       timestamptz not null,
    due_at      timestamptz not null default now(),
    attempts    int not null default 0,
    done_at     timestamptz,
    given_up_at timestamptz,
    error       text
);
create index outgoing_due on emergency.outgoing (due_at) where done_at is null and given_up_at is null;

-- One alarm of a kind stands for a hospital, too.
drop index emergency.alarm_once;
create unique index alarm_once
    on emergency.alarm (kind, coalesce(case_id, ''), coalesce(unit, ''), coalesce(hospital, ''))
    where ended_at is null;
