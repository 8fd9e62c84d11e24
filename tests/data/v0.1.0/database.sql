BEGIN;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO alembic_version VALUES('0008');
CREATE TABLE alert_events (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	alert_id INTEGER NOT NULL, 
	feedback_id BIGINT, 
	at DATETIME NOT NULL, 
	kind TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	"before" TEXT, 
	"after" TEXT, 
	note TEXT NOT NULL, via TEXT DEFAULT '' NOT NULL, details TEXT DEFAULT '{}' NOT NULL, 
	CONSTRAINT fk_alert_events_alert_id_alerts FOREIGN KEY(alert_id) REFERENCES alerts (id)
);
INSERT INTO alert_events VALUES(1,1,5,'2026-11-09 08:00:00.000000','opened','rule:thanks',NULL,'open','is positive (+1.00) and has 4 stars or more (5)','','{}');
INSERT INTO alert_events VALUES(10,2,29,'2026-11-09 10:32:00.000000','grouped','rule:crash',NULL,NULL,'grouped into alert 2','','{}');
INSERT INTO alert_events VALUES(100,14,NULL,'2026-11-12 10:10:07.000000','replied','user:U0BERT0002','open','replied','','slack:modal','{"template":"Refund","reply":"10","url":"https://apps.apple.com/us/app/id284882215?see-all=reviews"}');
INSERT INTO alert_events VALUES(101,16,NULL,'2026-11-12 10:10:09.000000','corrected','user:U0CARLA003',NULL,NULL,'','slack:modal','{"sentiment":"mixed","stage":"support","useful":"yes"}');
INSERT INTO alert_events VALUES(102,16,NULL,'2026-11-12 10:10:11.000000','corrected','cli:dana',NULL,NULL,'says Google','cli','{"sentiment":"negative"}');
INSERT INTO alert_events VALUES(103,17,53,'2026-11-12 12:05:00.000000','opened','rule:legal',NULL,'open','says "lawsuit"','','{}');
INSERT INTO alert_events VALUES(104,18,54,'2026-11-12 12:05:00.000000','opened','rule:legal',NULL,'open','says "lawyer"','','{}');
INSERT INTO alert_events VALUES(105,13,NULL,'2026-11-12 12:05:00.000000','escalated','system',NULL,NULL,'','clock','{"step":"2","mention":"@here","channel":"#support-leads"}');
INSERT INTO alert_events VALUES(106,9,NULL,'2026-11-12 12:05:00.000000','late','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-12T11:06:00+00:00","mention":""}');
INSERT INTO alert_events VALUES(107,10,NULL,'2026-11-12 12:05:00.000000','late','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-12T11:06:00+00:00","mention":""}');
INSERT INTO alert_events VALUES(108,11,NULL,'2026-11-12 12:05:00.000000','late','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-12T11:06:00+00:00","mention":""}');
INSERT INTO alert_events VALUES(109,17,NULL,'2026-11-12 12:05:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0ANNA0001","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(11,2,NULL,'2026-11-09 13:32:00.000000','late','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-09T12:20:00+00:00","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(110,18,NULL,'2026-11-12 12:05:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0BERT0002","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(111,13,NULL,'2026-11-12 12:05:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-12T13:05:00+00:00","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(112,18,NULL,'2026-11-12 12:05:08.333333','escalated','user:U0ANNA0001',NULL,NULL,'Who knows a lawyer?','cli','{"mention":"<@U0CARLA003>"}');
INSERT INTO alert_events VALUES(113,18,NULL,'2026-11-12 12:05:10.333333','acknowledged','user:U0BERT0002','open','acknowledged','','slack:button','{}');
INSERT INTO alert_events VALUES(114,18,NULL,'2026-11-12 15:06:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"confirm","due_at":"2026-11-12T16:05:10.333333+00:00","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(115,17,NULL,'2026-11-12 15:06:00.000000','late','system',NULL,NULL,'','clock','{"limit":"acknowledge","due_at":"2026-11-12T13:05:00+00:00","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(116,13,NULL,'2026-11-12 15:06:00.000000','late','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-12T13:05:00+00:00","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(117,18,NULL,'2026-11-13 08:30:00.000000','released','system','acknowledged','open','','clock','{"why":"silence","from":"user:U0BERT0002"}');
INSERT INTO alert_events VALUES(118,17,NULL,'2026-11-13 08:30:02.000000','acknowledged','user:U0BERT0002','open','acknowledged','','cli','{}');
INSERT INTO alert_events VALUES(119,17,NULL,'2026-11-13 08:30:02.000000','released','user:U0BERT0002','acknowledged','open','on holiday','cli','{}');
INSERT INTO alert_events VALUES(12,2,NULL,'2026-11-09 13:32:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"confirm","due_at":"2026-11-09T14:30:00+00:00","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(120,17,NULL,'2026-11-13 08:30:02.000000','assigned','user:U0CARLA003',NULL,NULL,'','cli','{"assignee":"cli:dana"}');
INSERT INTO alert_events VALUES(121,14,NULL,'2026-11-13 09:05:00.000000','outcome','source:ios',NULL,NULL,'','source','{"outcome":"rating_raised","before":"1","after":"4"}');
INSERT INTO alert_events VALUES(122,19,55,'2026-11-13 10:00:00.000000','opened','rule:shop-trouble',NULL,'open','is a ticket from desk-app and has 3 stars or fewer (2)','','{}');
INSERT INTO alert_events VALUES(123,19,56,'2026-11-13 10:00:00.000000','grouped','rule:shop-trouble',NULL,NULL,'grouped into alert 19','','{}');
INSERT INTO alert_events VALUES(124,20,57,'2026-11-13 10:00:00.000000','opened','rule:shop-trouble',NULL,'open','is a ticket from desk-app and has 3 stars or fewer (2)','','{}');
INSERT INTO alert_events VALUES(125,21,58,'2026-11-13 10:00:00.000000','opened','rule:shop-trouble',NULL,'open','is a ticket from desk-app and has 3 stars or fewer (3)','','{}');
INSERT INTO alert_events VALUES(126,22,59,'2026-11-13 10:00:00.000000','opened','rule:shop-trouble',NULL,'open','is a ticket from desk-app and has 3 stars or fewer (1)','','{}');
INSERT INTO alert_events VALUES(127,19,NULL,'2026-11-13 10:05:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0ANNA0001","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(128,20,NULL,'2026-11-13 10:05:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0BERT0002","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(129,21,NULL,'2026-11-13 10:05:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0ANNA0001","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(13,2,NULL,'2026-11-09 13:32:02.000000','confirmed','user:U0ANNA0001',NULL,NULL,'','slack:button','{}');
INSERT INTO alert_events VALUES(130,22,NULL,'2026-11-13 10:05:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0BERT0002","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(131,20,NULL,'2026-11-13 11:10:00.000000','dismissed','user:U0ANNA0001','open','dismissed','','slack:button','{}');
INSERT INTO alert_events VALUES(132,20,NULL,'2026-11-13 11:10:02.000000','reopened','cli:dana','dismissed','open','it was not useless','cli','{}');
INSERT INTO alert_events VALUES(133,20,NULL,'2026-11-13 11:10:02.000000','dismissed','cli:dana','open','dismissed','a test order','cli','{}');
INSERT INTO alert_events VALUES(134,21,NULL,'2026-11-13 11:10:02.000000','snoozed','user:U0ANNA0001','open','snoozed','','cli','{}');
INSERT INTO alert_events VALUES(135,22,NULL,'2026-11-13 11:10:02.000000','snoozed','user:U0ANNA0001','open','snoozed','','cli','{}');
INSERT INTO alert_events VALUES(136,21,NULL,'2026-11-13 11:40:00.000000','woken','system','snoozed','acknowledged','','clock','{"why":"time"}');
INSERT INTO alert_events VALUES(137,22,60,'2026-11-13 11:40:07.000000','grouped','rule:shop-trouble',NULL,NULL,'grouped into alert 22','','{}');
INSERT INTO alert_events VALUES(138,22,NULL,'2026-11-13 11:45:00.000000','woken','system','snoozed','acknowledged','','clock','{"why":"members"}');
INSERT INTO alert_events VALUES(139,21,NULL,'2026-11-13 11:45:01.000000','snoozed','user:U0ANNA0001','acknowledged','snoozed','','cli','{}');
INSERT INTO alert_events VALUES(14,2,NULL,'2026-11-09 14:00:00.000000','confirmed','user:U0BERT0002',NULL,NULL,'','slack:thread','{}');
INSERT INTO alert_events VALUES(140,21,NULL,'2026-11-13 11:45:01.000000','woken','user:U0BERT0002','snoozed','acknowledged','','cli','{}');
INSERT INTO alert_events VALUES(141,14,NULL,'2026-11-14 09:05:00.000000','outcome','source:ios',NULL,NULL,'','source','{"outcome":"rating_lowered","before":"4","after":"2"}');
INSERT INTO alert_events VALUES(142,21,NULL,'2026-11-14 09:05:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"confirm","due_at":"2026-11-13T15:45:01+00:00","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(143,22,NULL,'2026-11-14 09:05:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"confirm","due_at":"2026-11-13T15:45:00+00:00","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(144,15,NULL,'2026-11-14 09:05:06.000000','acknowledged','cli:dana','open','acknowledged','I say thanks','cli','{}');
INSERT INTO alert_events VALUES(145,15,NULL,'2026-11-14 09:05:06.000000','resolved','cli:dana','acknowledged','resolved','','cli','{"root_cause":"praise","action_taken":"thanked"}');
INSERT INTO alert_events VALUES(146,15,NULL,'2026-11-14 09:05:06.000000','replied','cli:dana',NULL,NULL,'','cli','{}');
INSERT INTO alert_events VALUES(147,23,61,'2026-11-16 09:00:00.000000','opened','rule:refund',NULL,'open','says "money back"','','{}');
INSERT INTO alert_events VALUES(148,21,NULL,'2026-11-16 09:02:00.000000','released','system','acknowledged','open','','clock','{"why":"silence","from":"user:U0ANNA0001"}');
INSERT INTO alert_events VALUES(149,22,NULL,'2026-11-16 09:02:00.000000','released','system','acknowledged','open','','clock','{"why":"silence","from":"user:U0BERT0002"}');
INSERT INTO alert_events VALUES(15,2,NULL,'2026-11-09 14:00:02.000000','noted','cli:dana',NULL,NULL,'Log: <https://logs.acme.example|here> @channel','cli','{}');
INSERT INTO alert_events VALUES(150,23,NULL,'2026-11-16 09:02:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0ANNA0001","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(151,24,62,'2026-11-17 09:10:00.000000','opened','rule:refund',NULL,'open','says "refund"','','{}');
INSERT INTO alert_events VALUES(152,25,63,'2026-11-17 09:10:00.000000','opened','rule:refund',NULL,'open','says "refund"','','{}');
INSERT INTO alert_events VALUES(153,26,64,'2026-11-17 09:10:00.000000','opened','rule:refund',NULL,'open','says "refund"','','{}');
INSERT INTO alert_events VALUES(154,27,65,'2026-11-17 09:10:00.000000','opened','rule:refund',NULL,'open','says "refund"','','{}');
INSERT INTO alert_events VALUES(155,28,66,'2026-11-17 09:10:00.000000','opened','rule:refund',NULL,'open','says "refund"','','{}');
INSERT INTO alert_events VALUES(156,29,67,'2026-11-17 09:10:00.000000','opened','rule:refund',NULL,'open','says "refund"','','{}');
INSERT INTO alert_events VALUES(157,30,68,'2026-11-17 09:10:00.000000','opened','rule:refund',NULL,'open','says "refund"','','{}');
INSERT INTO alert_events VALUES(158,31,69,'2026-11-17 09:10:00.000000','opened','rule:refund',NULL,'open','says "refund"','','{}');
INSERT INTO alert_events VALUES(159,32,70,'2026-11-17 09:10:00.000000','opened','rule:refund',NULL,'open','says "refund"','','{}');
INSERT INTO alert_events VALUES(16,2,NULL,'2026-11-09 14:30:00.000000','resolved','user:U0ANNA0001','acknowledged','resolved','6.3.1 & later are fine','slack:modal','{"root_cause":"A bad release","action_taken":"Rolled back to 6.2"}');
INSERT INTO alert_events VALUES(160,33,71,'2026-11-17 09:10:00.000000','opened','rule:refund',NULL,'open','says "refund"','','{}');
INSERT INTO alert_events VALUES(161,34,72,'2026-11-17 09:10:00.000000','opened','rule:refund',NULL,'open','says "refund"','','{}');
INSERT INTO alert_events VALUES(162,23,NULL,'2026-11-17 09:10:00.000000','late','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-17T09:00:00+00:00","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(163,24,NULL,'2026-11-17 09:10:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0BERT0002","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(164,25,NULL,'2026-11-17 09:10:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0ANNA0001","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(165,26,NULL,'2026-11-17 09:10:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0BERT0002","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(166,27,NULL,'2026-11-17 09:10:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0ANNA0001","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(167,28,NULL,'2026-11-17 09:10:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0BERT0002","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(168,29,NULL,'2026-11-17 09:10:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0ANNA0001","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(169,30,NULL,'2026-11-17 09:10:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0BERT0002","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(17,3,30,'2026-11-10 09:01:00.000000','opened','rule:outage',NULL,'open','shows outage: "site is down" and says "site is down", "cannot log in"','','{}');
INSERT INTO alert_events VALUES(170,31,NULL,'2026-11-17 09:10:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0ANNA0001","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(171,32,NULL,'2026-11-17 09:10:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0BERT0002","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(172,33,NULL,'2026-11-17 09:10:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0ANNA0001","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(173,34,NULL,'2026-11-17 09:10:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0BERT0002","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(174,35,73,'2026-11-17 10:21:00.000000','opened','rule:refund',NULL,'open','says "refund"','','{}');
INSERT INTO alert_events VALUES(175,35,NULL,'2026-11-17 10:21:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0ANNA0001","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(176,32,NULL,'2026-11-17 10:21:00.000000','escalated','user:U0ANNA0001',NULL,NULL,'','cli','{"mention":"<@U0CARLA003>"}');
INSERT INTO alert_events VALUES(177,36,74,'2026-11-17 11:31:00.000000','opened','rule:refund',NULL,'open','says "refund"','','{}');
INSERT INTO alert_events VALUES(178,2,NULL,'2026-11-17 11:31:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"resolve","due_at":"2026-11-19T14:31:00+00:00","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(179,36,NULL,'2026-11-17 11:31:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0BERT0002","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(18,3,NULL,'2026-11-10 09:01:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0ANNA0001","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(180,37,NULL,'2026-11-18 08:00:00.000000','opened','system',NULL,'open','old-blog is not asked any more: http://127.0.0.1:47002/blog.json: gone for good (410); remove the source or give it a new address','','{}');
INSERT INTO alert_events VALUES(181,17,NULL,'2026-11-18 08:00:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"resolve","due_at":"2026-11-19T12:05:00+00:00","mention":"dana"}');
INSERT INTO alert_events VALUES(182,18,NULL,'2026-11-18 08:00:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"resolve","due_at":"2026-11-19T12:05:00+00:00","mention":""}');
INSERT INTO alert_events VALUES(183,24,NULL,'2026-11-18 08:00:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-18T09:10:00+00:00","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(184,25,NULL,'2026-11-18 08:00:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-18T09:10:00+00:00","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(185,26,NULL,'2026-11-18 08:00:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-18T09:10:00+00:00","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(186,27,NULL,'2026-11-18 08:00:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-18T09:10:00+00:00","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(187,28,NULL,'2026-11-18 08:00:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-18T09:10:00+00:00","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(188,29,NULL,'2026-11-18 08:00:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-18T09:10:00+00:00","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(189,30,NULL,'2026-11-18 08:00:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-18T09:10:00+00:00","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(19,3,NULL,'2026-11-10 09:01:01.000000','assigned','user:U0ANNA0001',NULL,NULL,'','slack:modal','{"assignee":"user:U0BERT0002"}');
INSERT INTO alert_events VALUES(190,31,NULL,'2026-11-18 08:00:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-18T09:10:00+00:00","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(191,32,NULL,'2026-11-18 08:00:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-18T09:10:00+00:00","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(192,33,NULL,'2026-11-18 08:00:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-18T09:10:00+00:00","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(193,34,NULL,'2026-11-18 08:00:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-18T09:10:00+00:00","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(194,35,NULL,'2026-11-18 08:00:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-18T10:21:00+00:00","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(195,36,NULL,'2026-11-18 08:00:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-18T11:31:00+00:00","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(196,24,NULL,'2026-11-18 14:00:00.000000','late','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-18T09:10:00+00:00","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(197,25,NULL,'2026-11-18 14:00:00.000000','late','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-18T09:10:00+00:00","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(198,26,NULL,'2026-11-18 14:00:00.000000','late','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-18T09:10:00+00:00","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(199,27,NULL,'2026-11-18 14:00:00.000000','late','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-18T09:10:00+00:00","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(2,2,28,'2026-11-09 08:20:00.000000','opened','rule:crash',NULL,'open','says "Crash", "crashes" and was written 0 seconds ago','','{}');
INSERT INTO alert_events VALUES(20,3,NULL,'2026-11-10 09:01:03.000000','snoozed','user:U0BERT0002','open','snoozed','','slack:modal','{}');
INSERT INTO alert_events VALUES(200,28,NULL,'2026-11-18 14:00:00.000000','late','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-18T09:10:00+00:00","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(201,29,NULL,'2026-11-18 14:00:00.000000','late','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-18T09:10:00+00:00","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(202,30,NULL,'2026-11-18 14:00:00.000000','late','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-18T09:10:00+00:00","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(203,31,NULL,'2026-11-18 14:00:00.000000','late','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-18T09:10:00+00:00","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(204,32,NULL,'2026-11-18 14:00:00.000000','late','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-18T09:10:00+00:00","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(205,33,NULL,'2026-11-18 14:00:00.000000','late','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-18T09:10:00+00:00","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(206,34,NULL,'2026-11-18 14:00:00.000000','late','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-18T09:10:00+00:00","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(207,35,NULL,'2026-11-18 14:00:00.000000','late','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-18T10:21:00+00:00","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(208,36,NULL,'2026-11-18 14:00:00.000000','late','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-18T11:31:00+00:00","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(209,38,NULL,'2026-11-18 20:00:00.000000','opened','system',NULL,'open','shop-reviews cannot be read since 2026-11-09 08:10 UTC, 3 polls in a row: http://127.0.0.1:47002/shop.rss: the server failed (500)','','{}');
INSERT INTO alert_events VALUES(21,3,31,'2026-11-10 09:21:00.000000','grouped','rule:outage',NULL,NULL,'grouped into alert 3','','{}');
INSERT INTO alert_events VALUES(210,39,NULL,'2026-11-18 20:00:00.000000','opened','system',NULL,'open','members cannot be read since 2026-11-09 08:10 UTC, 3 polls in a row: http://127.0.0.1:47002/members.rss?token=***: the site forbids reading this (403); ask its owner for access','','{}');
INSERT INTO alert_events VALUES(211,38,NULL,'2026-11-19 08:00:00.000000','recovered','system','open','resolved','shop-reviews is read again','clock','{}');
INSERT INTO alert_events VALUES(212,40,75,'2026-11-19 09:05:00.000000','opened','rule:legal',NULL,'open','','','{}');
INSERT INTO alert_events VALUES(213,41,75,'2026-11-19 09:05:00.000000','opened','rule:refund',NULL,'open','','','{}');
INSERT INTO alert_events VALUES(214,42,76,'2026-11-19 09:05:00.000000','opened','rule:refund',NULL,'open','','','{}');
INSERT INTO alert_events VALUES(215,40,NULL,'2026-11-19 09:05:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0ANNA0001","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(216,41,NULL,'2026-11-19 09:05:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0BERT0002","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(217,42,NULL,'2026-11-19 09:05:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0ANNA0001","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(218,40,NULL,'2026-11-19 10:10:00.000000','late','system',NULL,NULL,'','clock','{"limit":"acknowledge","due_at":"2026-11-19T10:05:00+00:00","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(219,42,NULL,'2026-11-19 10:10:02.000000','replied','user:U0ANNA0001','open','replied','','slack:modal','{"template":"Refund","reply":"11","url":"https://www.reddit.com/r/acme/comments/g/_/"}');
INSERT INTO alert_events VALUES(22,3,32,'2026-11-10 09:25:00.000000','grouped','rule:outage',NULL,NULL,'grouped into alert 3','','{}');
INSERT INTO alert_events VALUES(220,42,NULL,'2026-11-19 11:20:00.000000','outcome','source:reddit',NULL,NULL,'','source','{"outcome":"deleted"}');
INSERT INTO alert_events VALUES(221,13,NULL,'2026-11-19 11:20:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"resolve","due_at":"2026-11-20T14:35:00+00:00","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(222,43,78,'2026-11-19 12:00:00.000000','opened','rule:low-score',NULL,'open','has 2 stars or fewer (1.17) and is a survey from typeform','','{}');
INSERT INTO alert_events VALUES(223,43,79,'2026-11-19 12:00:00.000000','grouped','rule:low-score',NULL,NULL,'grouped into alert 43','','{}');
INSERT INTO alert_events VALUES(224,43,NULL,'2026-11-19 12:05:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0BERT0002","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(225,44,80,'2026-11-19 12:00:00.000000','opened','rule:thanks',NULL,'open','is positive (+0.75) and has 4 stars or more (4.5)','','{}');
INSERT INTO alert_events VALUES(226,17,NULL,'2026-11-19 12:05:00.000000','late','system',NULL,NULL,'','clock','{"limit":"resolve","due_at":"2026-11-19T12:05:00+00:00","mention":"dana"}');
INSERT INTO alert_events VALUES(227,18,NULL,'2026-11-19 12:05:00.000000','late','system',NULL,NULL,'','clock','{"limit":"resolve","due_at":"2026-11-19T12:05:00+00:00","mention":""}');
INSERT INTO alert_events VALUES(228,44,NULL,'2026-11-19 12:05:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0ANNA0001","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(229,43,NULL,'2026-11-19 12:05:03.000000','resolved','user:U0BERT0002','open','resolved','','slack:modal','{"root_cause":"Our service or staff"}');
INSERT INTO alert_events VALUES(23,3,33,'2026-11-10 09:28:00.000000','grouped','rule:outage',NULL,NULL,'grouped into alert 3','','{}');
INSERT INTO alert_events VALUES(230,45,NULL,'2026-11-19 21:02:45.000000','opened','system',NULL,'open','panel cannot be read since it was added, 10 polls in a row: http://127.0.0.1:47002/panel/v3/surveys/7/responses/1/details?simple=true: the server failed (503)','','{}');
INSERT INTO alert_events VALUES(231,46,83,'2026-11-20 08:31:00.000000','opened','rule:crash',NULL,'open','says "freezes" and was written 1 minute ago','','{}');
INSERT INTO alert_events VALUES(232,47,84,'2026-11-20 08:31:00.000000','opened','rule:crash',NULL,'open','says "crashes" and was written 1 minute ago','','{}');
INSERT INTO alert_events VALUES(233,48,85,'2026-11-20 08:31:00.000000','opened','rule:crash',NULL,'open','says "freezes" and was written 1 minute ago','','{}');
INSERT INTO alert_events VALUES(234,2,NULL,'2026-11-20 08:31:00.000000','late','system',NULL,NULL,'','clock','{"limit":"resolve","due_at":"2026-11-19T14:31:00+00:00","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(235,41,NULL,'2026-11-20 08:31:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-20T09:05:00+00:00","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(236,46,NULL,'2026-11-20 08:31:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0BERT0002","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(237,47,NULL,'2026-11-20 08:31:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0ANNA0001","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(238,48,NULL,'2026-11-20 08:31:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0BERT0002","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(239,49,86,'2026-11-20 08:31:10.000000','opened','rule:shop-trouble',NULL,'open','is a ticket from desk-app and has 3 stars or fewer (2)','','{}');
INSERT INTO alert_events VALUES(24,3,NULL,'2026-11-10 09:28:00.000000','woken','system','snoozed','acknowledged','','clock','{"why":"worse"}');
INSERT INTO alert_events VALUES(240,49,NULL,'2026-11-20 08:54:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0ANNA0001","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(241,46,NULL,'2026-11-20 08:54:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"acknowledge","due_at":"2026-11-20T09:01:00+00:00","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(242,47,NULL,'2026-11-20 08:54:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"acknowledge","due_at":"2026-11-20T09:01:00+00:00","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(243,48,NULL,'2026-11-20 08:54:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"acknowledge","due_at":"2026-11-20T09:01:00+00:00","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(244,49,NULL,'2026-11-20 08:54:07.000000','snoozed','user:U0ANNA0001','open','snoozed','','cli','{}');
INSERT INTO alert_events VALUES(245,47,NULL,'2026-11-20 08:54:07.000000','acknowledged','user:U0BERT0002','open','acknowledged','','slack:button','{}');
INSERT INTO alert_events VALUES(246,9,NULL,'2026-11-20 09:00:00.000000','reply_approved','user:U0CARLA003',NULL,NULL,'','slack:modal','{"reply":"8","for":"user:U0ANNA0001"}');
INSERT INTO alert_events VALUES(247,46,NULL,'2026-11-20 09:02:00.000000','late','system',NULL,NULL,'','clock','{"limit":"acknowledge","due_at":"2026-11-20T09:01:00+00:00","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(248,48,NULL,'2026-11-20 09:02:00.000000','late','system',NULL,NULL,'','clock','{"limit":"acknowledge","due_at":"2026-11-20T09:01:00+00:00","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(249,41,NULL,'2026-11-20 09:20:00.000000','late','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-20T09:05:00+00:00","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(25,3,NULL,'2026-11-10 09:28:02.000000','replied','user:U0BERT0002','acknowledged','replied','posted on the status page','cli','{}');
INSERT INTO alert_events VALUES(250,46,NULL,'2026-11-20 09:20:00.000000','escalated','system',NULL,NULL,'','clock','{"step":"1","mention":"<@U0CARLA003>","channel":""}');
INSERT INTO alert_events VALUES(251,48,NULL,'2026-11-20 09:20:00.000000','escalated','system',NULL,NULL,'','clock','{"step":"1","mention":"<@U0CARLA003>","channel":""}');
INSERT INTO alert_events VALUES(252,10,NULL,'2026-11-20 09:28:00.000000','reply_approved','user:U0CARLA003',NULL,NULL,'','slack:modal','{"reply":"7","for":"user:U0ANNA0001"}');
INSERT INTO alert_events VALUES(253,11,NULL,'2026-11-20 09:28:02.000000','reply_approved','user:U0CARLA003',NULL,NULL,'','slack:modal','{"reply":"6","for":"user:U0ANNA0001"}');
INSERT INTO alert_events VALUES(254,50,87,'2026-11-20 09:30:00.000000','opened','rule:refund',NULL,'open','says "refund"','','{}');
INSERT INTO alert_events VALUES(255,51,88,'2026-11-20 09:31:00.000000','opened','rule:refund',NULL,'open','says "refund"','','{}');
INSERT INTO alert_events VALUES(256,52,89,'2026-11-20 09:31:00.000000','opened','rule:refund',NULL,'open','says "refund"','','{}');
INSERT INTO alert_events VALUES(257,46,NULL,'2026-11-20 09:31:00.000000','escalated','user:U0ANNA0001',NULL,NULL,'Anybody?','cli','{"step":"2","mention":"@here","channel":"#support-leads"}');
INSERT INTO alert_events VALUES(258,46,NULL,'2026-11-20 09:31:00.000000','noted','cli:dana',NULL,NULL,'the phone is an old one','cli','{}');
INSERT INTO alert_events VALUES(26,3,NULL,'2026-11-10 10:00:00.000000','resolved','user:U0BERT0002','replied','resolved','','slack:reaction','{}');
INSERT INTO alert_events VALUES(27,2,35,'2026-11-11 09:01:00.000000','grouped','rule:crash',NULL,NULL,'the same came back after alert 2 was resolved: says "crashes" and was written 1 minute ago','','{}');
INSERT INTO alert_events VALUES(28,2,35,'2026-11-11 09:01:00.000000','reopened','rule:crash','resolved','open','the same came back after alert 2 was resolved: says "crashes" and was written 1 minute ago','','{}');
INSERT INTO alert_events VALUES(29,4,36,'2026-11-11 10:01:00.000000','opened','rule:refund',NULL,'open','says "refund"','','{}');
INSERT INTO alert_events VALUES(3,1,NULL,'2026-11-09 08:20:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0ANNA0001","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(30,5,37,'2026-11-11 10:01:00.000000','opened','rule:refund',NULL,'open','says "refund"','','{}');
INSERT INTO alert_events VALUES(31,6,38,'2026-11-11 10:01:00.000000','opened','rule:refund',NULL,'open','says "refund"','','{}');
INSERT INTO alert_events VALUES(32,7,39,'2026-11-11 10:01:00.000000','opened','rule:refund',NULL,'open','says "Money back", "refund"','','{}');
INSERT INTO alert_events VALUES(33,8,40,'2026-11-11 10:01:00.000000','opened','rule:refund',NULL,'open','says "refund"','','{}');
INSERT INTO alert_events VALUES(34,2,NULL,'2026-11-11 10:01:00.000000','late','system',NULL,NULL,'','clock','{"limit":"acknowledge","due_at":"2026-11-11T09:31:00+00:00","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(35,4,NULL,'2026-11-11 10:01:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0BERT0002","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(36,5,NULL,'2026-11-11 10:01:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0ANNA0001","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(37,6,NULL,'2026-11-11 10:01:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0BERT0002","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(38,7,NULL,'2026-11-11 10:01:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0ANNA0001","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(39,8,NULL,'2026-11-11 10:01:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0BERT0002","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(4,2,NULL,'2026-11-09 08:20:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0BERT0002","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(40,2,NULL,'2026-11-11 10:01:00.000000','escalated','system',NULL,NULL,'','clock','{"step":"1","mention":"<@U0CARLA003>","channel":""}');
INSERT INTO alert_events VALUES(41,9,41,'2026-11-11 11:06:00.000000','opened','rule:refund',NULL,'open','says "refund"','','{}');
INSERT INTO alert_events VALUES(42,10,42,'2026-11-11 11:06:00.000000','opened','rule:refund',NULL,'open','says "refund"','','{}');
INSERT INTO alert_events VALUES(43,11,43,'2026-11-11 11:06:00.000000','opened','rule:refund',NULL,'open','says "refund"','','{}');
INSERT INTO alert_events VALUES(44,2,NULL,'2026-11-11 11:06:00.000000','escalated','system',NULL,NULL,'','clock','{"step":"2","mention":"@here","channel":"#support-leads"}');
INSERT INTO alert_events VALUES(45,9,NULL,'2026-11-11 11:06:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0ANNA0001","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(46,10,NULL,'2026-11-11 11:06:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0BERT0002","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(47,11,NULL,'2026-11-11 11:06:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0ANNA0001","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(48,2,NULL,'2026-11-11 12:10:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-11T13:01:00+00:00","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(49,8,NULL,'2026-11-11 12:10:02.000000','reply_proposed','user:U0ANNA0001','open','acknowledged','','slack:modal','{"reply":"1","text":"Dear customer, sorry about sent."}');
INSERT INTO alert_events VALUES(5,2,NULL,'2026-11-09 08:43:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"acknowledge","due_at":"2026-11-09T08:50:00+00:00","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(50,7,NULL,'2026-11-11 12:10:04.000000','reply_proposed','user:U0ANNA0001','open','acknowledged','','slack:modal','{"reply":"2","text":"Dear customer, sorry about back."}');
INSERT INTO alert_events VALUES(51,6,NULL,'2026-11-11 12:10:06.000000','reply_proposed','user:U0ANNA0001','open','acknowledged','','slack:modal','{"reply":"3","text":"Dear customer, sorry about locked."}');
INSERT INTO alert_events VALUES(52,5,NULL,'2026-11-11 12:10:08.000000','reply_proposed','user:U0ANNA0001','open','acknowledged','','slack:modal','{"reply":"4","text":"Dear customer, sorry about lost."}');
INSERT INTO alert_events VALUES(53,4,NULL,'2026-11-11 12:10:10.000000','reply_proposed','user:U0ANNA0001','open','acknowledged','','slack:modal','{"reply":"5","text":"Dear customer, sorry about waits."}');
INSERT INTO alert_events VALUES(54,11,NULL,'2026-11-11 12:10:12.000000','reply_proposed','user:U0ANNA0001','open','acknowledged','','slack:modal','{"reply":"6","text":"Dear customer, sorry about due."}');
INSERT INTO alert_events VALUES(55,10,NULL,'2026-11-11 12:10:14.000000','reply_proposed','user:U0ANNA0001','open','acknowledged','','slack:modal','{"reply":"7","text":"Dear customer, sorry about tried."}');
INSERT INTO alert_events VALUES(56,9,NULL,'2026-11-11 12:10:16.000000','reply_proposed','user:U0ANNA0001','open','acknowledged','','slack:modal','{"reply":"8","text":"Dear customer, sorry about unsure."}');
INSERT INTO alert_events VALUES(57,8,NULL,'2026-11-11 12:40:00.000000','reply_approved','user:U0CARLA003',NULL,NULL,'','slack:modal','{"reply":"1","for":"user:U0ANNA0001"}');
INSERT INTO alert_events VALUES(58,6,NULL,'2026-11-11 12:40:02.000000','reply_approved','user:U0CARLA003',NULL,NULL,'','slack:modal','{"reply":"3","for":"user:U0ANNA0001"}');
INSERT INTO alert_events VALUES(59,8,NULL,'2026-11-11 12:41:00.000000','replied','user:U0ANNA0001','acknowledged','replied','','slack:modal','{"reply":"1","url":"https://www.reddit.com/r/acme/comments/6/_/2/"}');
INSERT INTO alert_events VALUES(6,2,NULL,'2026-11-09 08:51:00.000000','late','system',NULL,NULL,'','clock','{"limit":"acknowledge","due_at":"2026-11-09T08:50:00+00:00","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(60,6,NULL,'2026-11-11 12:41:00.000000','reply_failed','system',NULL,NULL,'Reddit does not take the comment (THREAD_LOCKED: Comments are locked.)','','{"reply":"3","text":"Dear customer, sorry about locked.","for":"user:U0ANNA0001"}');
INSERT INTO alert_events VALUES(61,7,NULL,'2026-11-11 12:41:03.000000','reply_rejected','user:U0CARLA003',NULL,NULL,'Say when the fix comes','slack:modal','{"reply":"2","for":"user:U0ANNA0001"}');
INSERT INTO alert_events VALUES(62,5,NULL,'2026-11-11 13:00:00.000000','reply_approved','user:U0CARLA003',NULL,NULL,'','slack:modal','{"reply":"4","for":"user:U0ANNA0001"}');
INSERT INTO alert_events VALUES(63,2,NULL,'2026-11-11 13:01:00.000000','late','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-11T13:01:00+00:00","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(64,5,NULL,'2026-11-11 13:05:00.000000','reply_uncertain','system',NULL,NULL,'Reddit failed (503); tried again later','','{"reply":"4","text":"Dear customer, sorry about lost.","for":"user:U0ANNA0001","url":"https://www.reddit.com/r/acme/comments/9/_/"}');
INSERT INTO alert_events VALUES(65,8,NULL,'2026-11-11 14:01:00.000000','outcome','source:reddit',NULL,NULL,'','source','{"outcome":"came_back","url":"https://www.reddit.com/r/acme/comments/0/_/3/"}');
INSERT INTO alert_events VALUES(66,8,NULL,'2026-11-11 15:10:00.000000','outcome','source:reddit',NULL,NULL,'','source','{"outcome":"edited"}');
INSERT INTO alert_events VALUES(67,5,NULL,'2026-11-11 15:10:00.000000','replied','user:U0ANNA0001','acknowledged','replied','','slack:modal','{"reply":"4","url":"https://www.reddit.com/r/acme/comments/9/_/4/"}');
INSERT INTO alert_events VALUES(68,12,46,'2026-11-11 15:20:00.000000','opened','rule:refund',NULL,'open','says "charged twice"','','{}');
INSERT INTO alert_events VALUES(69,4,NULL,'2026-11-11 15:20:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"confirm","due_at":"2026-11-11T16:10:10+00:00","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(7,2,NULL,'2026-11-09 09:06:00.000000','escalated','system',NULL,NULL,'','clock','{"step":"1","mention":"<@U0CARLA003>","channel":""}');
INSERT INTO alert_events VALUES(70,11,NULL,'2026-11-11 15:20:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"confirm","due_at":"2026-11-11T16:10:12+00:00","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(71,10,NULL,'2026-11-11 15:20:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"confirm","due_at":"2026-11-11T16:10:14+00:00","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(72,9,NULL,'2026-11-11 15:20:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"confirm","due_at":"2026-11-11T16:10:16+00:00","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(73,12,NULL,'2026-11-11 15:20:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0BERT0002","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(74,12,NULL,'2026-11-11 15:31:00.000000','replied','source:reddit','open','replied','','source','{"url":"https://www.reddit.com/r/acme/comments/e/_/5/","account":"acme_helps"}');
INSERT INTO alert_events VALUES(75,7,NULL,'2026-11-11 15:31:02.000000','reply_queued','user:U0BERT0002',NULL,NULL,'','slack:modal','{"reply":"9"}');
INSERT INTO alert_events VALUES(76,7,NULL,'2026-11-11 15:40:00.000000','replied','user:U0BERT0002','acknowledged','replied','','slack:modal','{"reply":"9","url":"https://www.reddit.com/r/acme/comments/7/_/6/"}');
INSERT INTO alert_events VALUES(77,13,50,'2026-11-12 09:05:00.000000','opened','rule:crash',NULL,'open','says "Freezes" and was written 5 minutes ago','','{}');
INSERT INTO alert_events VALUES(78,14,50,'2026-11-12 09:05:00.000000','opened','rule:refund',NULL,'open','says "money back"','','{}');
INSERT INTO alert_events VALUES(79,15,51,'2026-11-12 09:05:00.000000','opened','rule:thanks',NULL,'open','is positive (+1.00) and has 4 stars or more (5)','','{}');
INSERT INTO alert_events VALUES(8,2,NULL,'2026-11-09 10:21:00.000000','escalated','system',NULL,NULL,'','clock','{"step":"2","mention":"@here","channel":"#support-leads"}');
INSERT INTO alert_events VALUES(80,16,52,'2026-11-12 09:05:00.000000','opened','rule:unread',NULL,'open','has 2 stars or fewer (1) and is a review from ios','','{}');
INSERT INTO alert_events VALUES(81,6,NULL,'2026-11-12 09:05:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"confirm","due_at":"2026-11-11T16:40:02+00:00","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(82,4,NULL,'2026-11-12 09:05:00.000000','released','system','acknowledged','open','','clock','{"why":"silence","from":"user:U0BERT0002"}');
INSERT INTO alert_events VALUES(83,9,NULL,'2026-11-12 09:05:00.000000','released','system','acknowledged','open','','clock','{"why":"silence","from":"user:U0ANNA0001"}');
INSERT INTO alert_events VALUES(84,10,NULL,'2026-11-12 09:05:00.000000','released','system','acknowledged','open','','clock','{"why":"silence","from":"user:U0BERT0002"}');
INSERT INTO alert_events VALUES(85,11,NULL,'2026-11-12 09:05:00.000000','released','system','acknowledged','open','','clock','{"why":"silence","from":"user:U0ANNA0001"}');
INSERT INTO alert_events VALUES(86,13,NULL,'2026-11-12 09:05:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0ANNA0001","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(87,14,NULL,'2026-11-12 09:05:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0BERT0002","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(88,15,NULL,'2026-11-12 09:05:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0ANNA0001","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(89,16,NULL,'2026-11-12 09:05:00.000000','assigned','system',NULL,NULL,'','clock','{"assignee":"user:U0BERT0002","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(9,2,NULL,'2026-11-09 10:30:00.000000','acknowledged','user:U0ANNA0001','open','acknowledged','','slack:button','{}');
INSERT INTO alert_events VALUES(90,4,NULL,'2026-11-12 09:05:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-12T10:01:00+00:00","mention":""}');
INSERT INTO alert_events VALUES(91,6,NULL,'2026-11-12 09:05:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-12T10:01:00+00:00","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(92,9,NULL,'2026-11-12 09:05:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-12T11:06:00+00:00","mention":""}');
INSERT INTO alert_events VALUES(93,10,NULL,'2026-11-12 09:05:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-12T11:06:00+00:00","mention":""}');
INSERT INTO alert_events VALUES(94,11,NULL,'2026-11-12 09:05:00.000000','nudged','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-12T11:06:00+00:00","mention":""}');
INSERT INTO alert_events VALUES(95,13,NULL,'2026-11-12 10:10:00.000000','late','system',NULL,NULL,'','clock','{"limit":"acknowledge","due_at":"2026-11-12T09:35:00+00:00","mention":"<@U0ANNA0001>"}');
INSERT INTO alert_events VALUES(96,4,NULL,'2026-11-12 10:10:00.000000','late','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-12T10:01:00+00:00","mention":""}');
INSERT INTO alert_events VALUES(97,6,NULL,'2026-11-12 10:10:00.000000','late','system',NULL,NULL,'','clock','{"limit":"respond","due_at":"2026-11-12T10:01:00+00:00","mention":"<@U0BERT0002>"}');
INSERT INTO alert_events VALUES(98,13,NULL,'2026-11-12 10:10:00.000000','escalated','system',NULL,NULL,'','clock','{"step":"1","mention":"<@U0CARLA003>","channel":""}');
INSERT INTO alert_events VALUES(99,6,NULL,'2026-11-12 10:10:00.000000','released','system','acknowledged','open','','clock','{"why":"silence","from":"user:U0BERT0002"}');
CREATE TABLE alerts (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	rule_id TEXT NOT NULL, 
	rule_name TEXT NOT NULL, 
	rule_version TEXT NOT NULL, 
	severity TEXT NOT NULL, 
	status TEXT NOT NULL, 
	group_key TEXT NOT NULL, 
	channel TEXT NOT NULL, 
	mention TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	words TEXT NOT NULL, 
	opened_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	version INTEGER NOT NULL, 
	members INTEGER NOT NULL, 
	assignee TEXT NOT NULL
, turn INTEGER DEFAULT 1 NOT NULL, limits TEXT DEFAULT '{}' NOT NULL, snooze TEXT, next_at DATETIME);
INSERT INTO alerts VALUES(1,'thanks','Somebody is happy','bb741795','praise','open','feedback:shop-reviews:http://127.0.0.1:47002/s2','#praise','','is positive (+1.00) and has 4 stars or more (5)','[]','2026-11-09 08:00:00.000000','2026-11-09 08:20:00.000000',2,1,'user:U0ANNA0001',2,'{}',NULL,NULL);
INSERT INTO alerts VALUES(10,'refund','Wants the money back','d309ed24','normal','open','feedback:reddit:t3_c','#support','','says "refund"','["refund"]','2026-11-11 11:06:00.000000','2026-11-12 09:05:00.000000',8,1,'',4,'{"acknowledge":null,"respond":86400.0,"resolve":null,"escalate":[],"working_hours":false}',NULL,'2026-11-20 09:28:00.000000');
INSERT INTO alerts VALUES(11,'refund','Wants the money back','d309ed24','normal','open','feedback:reddit:t3_b','#support','','says "refund"','["refund"]','2026-11-11 11:06:00.000000','2026-11-12 09:05:00.000000',8,1,'',4,'{"acknowledge":null,"respond":86400.0,"resolve":null,"escalate":[],"working_hours":false}',NULL,'2026-11-20 09:28:02.000000');
INSERT INTO alerts VALUES(12,'refund','Wants the money back','d309ed24','normal','replied','feedback:reddit:t3_e','#support','','says "charged twice"','["charged twice"]','2026-11-11 15:20:00.000000','2026-11-11 15:31:00.000000',3,1,'user:U0BERT0002',3,'{"acknowledge":null,"respond":86400.0,"resolve":null,"escalate":[],"working_hours":false}',NULL,NULL);
INSERT INTO alerts VALUES(13,'crash','The app crashes','d5fd6146','high','open','text:0de0fe7e631515ade9aae536955acc99','#support','<!subteam^S0SUPPORT1>','says "Freezes" and was written 5 minutes ago','["Freezes"]','2026-11-12 09:05:00.000000','2026-11-12 09:05:00.000000',10,1,'user:U0ANNA0001',2,'{"acknowledge":1800.0,"respond":14400.0,"resolve":172800.0,"escalate":[{"after":2700.0,"mention":"<@U0CARLA003>","channel":""},{"after":7200.0,"mention":"@here","channel":"#support-leads"}],"working_hours":true}',NULL,'2026-11-20 14:35:00.000000');
INSERT INTO alerts VALUES(14,'refund','Wants the money back','d309ed24','normal','replied','feedback:ios:9000000002','#support','','says "money back"','["money back"]','2026-11-12 09:05:00.000000','2026-11-12 10:10:07.000000',7,1,'user:U0BERT0002',3,'{"acknowledge":null,"respond":86400.0,"resolve":null,"escalate":[],"working_hours":false}',NULL,NULL);
INSERT INTO alerts VALUES(15,'thanks','Somebody is happy','bb741795','praise','resolved','feedback:ios:9000000004','#praise','','is positive (+1.00) and has 4 stars or more (5)','[]','2026-11-12 09:05:00.000000','2026-11-14 09:05:06.000000',5,1,'cli:dana',5,'{}',NULL,NULL);
INSERT INTO alerts VALUES(16,'unread','Unhappy, and not in English','accd0647','info','open','feedback:ios:9000000003','#support','','has 2 stars or fewer (1) and is a review from ios','[]','2026-11-12 09:05:00.000000','2026-11-12 09:05:00.000000',4,1,'user:U0BERT0002',2,'{}',NULL,NULL);
INSERT INTO alerts VALUES(17,'legal','Threatens with law','b32eeb97','urgent','open','feedback:hn:40000002','#legal','','says "lawsuit"','["lawsuit"]','2026-11-12 12:05:00.000000','2026-11-13 08:30:02.000000',8,1,'cli:dana',5,'{"acknowledge":3600.0,"respond":null,"resolve":604800.0,"escalate":[],"working_hours":false}',NULL,NULL);
INSERT INTO alerts VALUES(18,'legal','Threatens with law','b32eeb97','urgent','open','feedback:hn:40000001','#legal','','says "lawyer"','["lawyer"]','2026-11-12 12:05:00.000000','2026-11-13 08:30:00.000000',8,1,'',4,'{"acknowledge":3600.0,"respond":null,"resolve":604800.0,"escalate":[],"working_hours":false}',NULL,NULL);
INSERT INTO alerts VALUES(19,'shop-trouble','A customer of the shop needs help','adb4f9e3','normal','open','author:desk-app:c-1|thread:desk-app:k1','#support','','is a ticket from desk-app and has 3 stars or fewer (2)','[]','2026-11-13 10:00:00.000000','2026-11-13 10:05:00.000000',3,2,'user:U0ANNA0001',2,'{}',NULL,NULL);
INSERT INTO alerts VALUES(2,'crash','The app crashes','d5fd6146','high','open','text:553827ff8c69f957e7326d5f3439e294','#support','<!subteam^S0SUPPORT1>','says "Crash", "crashes" and was written 0 seconds ago','["Crash","crashes"]','2026-11-09 08:20:00.000000','2026-11-11 09:01:00.000000',23,3,'user:U0ANNA0001',5,'{"acknowledge":1800.0,"respond":14400.0,"resolve":172800.0,"escalate":[{"after":2700.0,"mention":"<@U0CARLA003>","channel":""},{"after":7200.0,"mention":"@here","channel":"#support-leads"}],"working_hours":true}',NULL,NULL);
INSERT INTO alerts VALUES(20,'shop-trouble','A customer of the shop needs help','adb4f9e3','normal','dismissed','author:desk-app:c-2|thread:desk-app:k2','#support','','is a ticket from desk-app and has 3 stars or fewer (2)','[]','2026-11-13 10:00:00.000000','2026-11-13 11:10:02.000000',5,1,'cli:dana',5,'{}',NULL,NULL);
INSERT INTO alerts VALUES(21,'shop-trouble','A customer of the shop needs help','adb4f9e3','normal','open','author:desk-app:c-3|thread:desk-app:k3','#support','','is a ticket from desk-app and has 3 stars or fewer (3)','[]','2026-11-13 10:00:00.000000','2026-11-16 09:02:00.000000',8,1,'',7,'{}',NULL,NULL);
INSERT INTO alerts VALUES(22,'shop-trouble','A customer of the shop needs help','adb4f9e3','normal','open','author:desk-app:c-4|thread:desk-app:k4','#support','','is a ticket from desk-app and has 3 stars or fewer (1)','[]','2026-11-13 10:00:00.000000','2026-11-16 09:02:00.000000',7,2,'',5,'{}',NULL,NULL);
INSERT INTO alerts VALUES(23,'refund','Wants the money back','d309ed24','normal','open','feedback:slack-desk:C0SUPPORT/1794819600.000000','#support','','says "money back"','["money back"]','2026-11-16 09:00:00.000000','2026-11-16 09:02:00.000000',3,1,'user:U0ANNA0001',2,'{"acknowledge":null,"respond":86400.0,"resolve":null,"escalate":[],"working_hours":false}',NULL,NULL);
INSERT INTO alerts VALUES(24,'refund','Wants the money back','d309ed24','normal','open','feedback:forum:http://127.0.0.1:47002/p7','#support','','says "refund"','["refund"]','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',4,1,'user:U0BERT0002',2,'{"acknowledge":null,"respond":86400.0,"resolve":null,"escalate":[],"working_hours":false}',NULL,NULL);
INSERT INTO alerts VALUES(25,'refund','Wants the money back','d309ed24','normal','open','feedback:forum:http://127.0.0.1:47002/p8','#support','','says "refund"','["refund"]','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',4,1,'user:U0ANNA0001',2,'{"acknowledge":null,"respond":86400.0,"resolve":null,"escalate":[],"working_hours":false}',NULL,NULL);
INSERT INTO alerts VALUES(26,'refund','Wants the money back','d309ed24','normal','open','feedback:forum:http://127.0.0.1:47002/p9','#support','','says "refund"','["refund"]','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',4,1,'user:U0BERT0002',2,'{"acknowledge":null,"respond":86400.0,"resolve":null,"escalate":[],"working_hours":false}',NULL,NULL);
INSERT INTO alerts VALUES(27,'refund','Wants the money back','d309ed24','normal','open','feedback:forum:http://127.0.0.1:47002/p10','#support','','says "refund"','["refund"]','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',4,1,'user:U0ANNA0001',2,'{"acknowledge":null,"respond":86400.0,"resolve":null,"escalate":[],"working_hours":false}',NULL,NULL);
INSERT INTO alerts VALUES(28,'refund','Wants the money back','d309ed24','normal','open','feedback:forum:http://127.0.0.1:47002/p11','#support','','says "refund"','["refund"]','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',4,1,'user:U0BERT0002',2,'{"acknowledge":null,"respond":86400.0,"resolve":null,"escalate":[],"working_hours":false}',NULL,NULL);
INSERT INTO alerts VALUES(29,'refund','Wants the money back','d309ed24','normal','open','feedback:forum:http://127.0.0.1:47002/p12','#support','','says "refund"','["refund"]','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',4,1,'user:U0ANNA0001',2,'{"acknowledge":null,"respond":86400.0,"resolve":null,"escalate":[],"working_hours":false}',NULL,NULL);
INSERT INTO alerts VALUES(3,'outage','Nobody can reach us','4558ca47','urgent','resolved','rule','#support','','shows outage: "site is down" and says "site is down", "cannot log in"','["site is down","cannot log in"]','2026-11-10 09:01:00.000000','2026-11-10 10:00:00.000000',10,4,'user:U0BERT0002',7,'{"acknowledge":600.0,"respond":null,"resolve":null,"escalate":[{"after":900.0,"mention":"<@U0CARLA003>","channel":"#support-leads"}],"working_hours":false}',NULL,NULL);
INSERT INTO alerts VALUES(30,'refund','Wants the money back','d309ed24','normal','open','feedback:forum:http://127.0.0.1:47002/p13','#support','','says "refund"','["refund"]','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',4,1,'user:U0BERT0002',2,'{"acknowledge":null,"respond":86400.0,"resolve":null,"escalate":[],"working_hours":false}',NULL,NULL);
INSERT INTO alerts VALUES(31,'refund','Wants the money back','d309ed24','normal','open','feedback:forum:http://127.0.0.1:47002/p14','#support','','says "refund"','["refund"]','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',4,1,'user:U0ANNA0001',2,'{"acknowledge":null,"respond":86400.0,"resolve":null,"escalate":[],"working_hours":false}',NULL,NULL);
INSERT INTO alerts VALUES(32,'refund','Wants the money back','d309ed24','normal','open','feedback:forum:http://127.0.0.1:47002/p15','#support','','says "refund"','["refund"]','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',5,1,'user:U0BERT0002',2,'{"acknowledge":null,"respond":86400.0,"resolve":null,"escalate":[],"working_hours":false}',NULL,NULL);
INSERT INTO alerts VALUES(33,'refund','Wants the money back','d309ed24','normal','open','feedback:forum:http://127.0.0.1:47002/p16','#support','','says "refund"','["refund"]','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',4,1,'user:U0ANNA0001',2,'{"acknowledge":null,"respond":86400.0,"resolve":null,"escalate":[],"working_hours":false}',NULL,NULL);
INSERT INTO alerts VALUES(34,'refund','Wants the money back','d309ed24','normal','open','feedback:forum:http://127.0.0.1:47002/p17','#support','','says "refund"','["refund"]','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',4,1,'user:U0BERT0002',2,'{"acknowledge":null,"respond":86400.0,"resolve":null,"escalate":[],"working_hours":false}',NULL,NULL);
INSERT INTO alerts VALUES(35,'refund','Wants the money back','d309ed24','normal','open','feedback:forum:http://127.0.0.1:47002/p18','#support','','says "refund"','["refund"]','2026-11-17 10:21:00.000000','2026-11-17 10:21:00.000000',4,1,'user:U0ANNA0001',2,'{"acknowledge":null,"respond":86400.0,"resolve":null,"escalate":[],"working_hours":false}',NULL,NULL);
INSERT INTO alerts VALUES(36,'refund','Wants the money back','d309ed24','normal','open','feedback:forum:http://127.0.0.1:47002/p19','#support','','says "refund"','["refund"]','2026-11-17 11:31:00.000000','2026-11-17 11:31:00.000000',4,1,'user:U0BERT0002',2,'{"acknowledge":null,"respond":86400.0,"resolve":null,"escalate":[],"working_hours":false}',NULL,NULL);
INSERT INTO alerts VALUES(37,'source-health','A source is blind','','high','open','old-blog','#support','','old-blog is not asked any more: http://127.0.0.1:47002/blog.json: gone for good (410); remove the source or give it a new address','[]','2026-11-18 08:00:00.000000','2026-11-18 08:00:00.000000',1,0,'',1,'{}',NULL,NULL);
INSERT INTO alerts VALUES(38,'source-health','A source is blind','','high','resolved','shop-reviews','#support','','shop-reviews cannot be read since 2026-11-09 08:10 UTC, 3 polls in a row: http://127.0.0.1:47002/shop.rss: the server failed (500)','[]','2026-11-18 20:00:00.000000','2026-11-19 08:00:00.000000',2,0,'',2,'{}',NULL,NULL);
INSERT INTO alerts VALUES(39,'source-health','A source is blind','','high','open','members','#support','','members cannot be read since 2026-11-09 08:10 UTC, 3 polls in a row: http://127.0.0.1:47002/members.rss?token=***: the site forbids reading this (403); ask its owner for access','[]','2026-11-18 20:00:00.000000','2026-11-18 20:00:00.000000',1,0,'',1,'{}',NULL,NULL);
INSERT INTO alerts VALUES(4,'refund','Wants the money back','d309ed24','normal','open','feedback:reddit:t3_a','#support','','says "refund"','["refund"]','2026-11-11 10:01:00.000000','2026-11-12 09:05:00.000000',7,1,'',4,'{"acknowledge":null,"respond":86400.0,"resolve":null,"escalate":[],"working_hours":false}',NULL,NULL);
INSERT INTO alerts VALUES(40,'legal','Threatens with law','b32eeb97','urgent','open','feedback:reddit:t3_h','#legal','','','[]','2026-11-19 09:05:00.000000','2026-11-19 09:05:00.000000',4,1,'user:U0ANNA0001',2,'{"acknowledge":3600.0,"respond":null,"resolve":604800.0,"escalate":[],"working_hours":false}',NULL,'2026-11-24 15:05:00.000000');
INSERT INTO alerts VALUES(41,'refund','Wants the money back','d309ed24','normal','open','feedback:reddit:t3_h','#support','','','[]','2026-11-19 09:05:00.000000','2026-11-19 09:05:00.000000',5,1,'user:U0BERT0002',2,'{"acknowledge":null,"respond":86400.0,"resolve":null,"escalate":[],"working_hours":false}',NULL,NULL);
INSERT INTO alerts VALUES(42,'refund','Wants the money back','d309ed24','normal','replied','feedback:reddit:t3_g','#support','','','[]','2026-11-19 09:05:00.000000','2026-11-19 10:10:02.000000',5,1,'user:U0ANNA0001',3,'{"acknowledge":null,"respond":86400.0,"resolve":null,"escalate":[],"working_hours":false}',NULL,NULL);
INSERT INTO alerts VALUES(43,'low-score','Bad marks in a survey','34f4d77f','normal','resolved','source:typeform','#support','','has 2 stars or fewer (1.17) and is a survey from typeform','[]','2026-11-19 12:00:00.000000','2026-11-19 12:05:03.000000',4,2,'user:U0BERT0002',3,'{}',NULL,NULL);
INSERT INTO alerts VALUES(44,'thanks','Somebody is happy','bb741795','praise','open','feedback:typeform:resp-2','#praise','','is positive (+0.75) and has 4 stars or more (4.5)','[]','2026-11-19 12:00:00.000000','2026-11-19 12:05:00.000000',2,1,'user:U0ANNA0001',2,'{}',NULL,NULL);
INSERT INTO alerts VALUES(45,'source-health','A source is blind','','high','open','panel','#support','','panel cannot be read since it was added, 10 polls in a row: http://127.0.0.1:47002/panel/v3/surveys/7/responses/1/details?simple=true: the server failed (503)','[]','2026-11-19 21:02:45.000000','2026-11-19 21:02:45.000000',1,0,'',1,'{}',NULL,NULL);
INSERT INTO alerts VALUES(46,'crash','The app crashes','d5fd6146','high','open','text:69f76ef2b7ee0a5e2c69adf7b6913ba9','#support','<!subteam^S0SUPPORT1>','says "freezes" and was written 1 minute ago','["freezes"]','2026-11-20 08:31:00.000000','2026-11-20 08:31:00.000000',7,1,'user:U0BERT0002',2,'{"acknowledge":1800.0,"respond":14400.0,"resolve":172800.0,"escalate":[{"after":2700.0,"mention":"<@U0CARLA003>","channel":""},{"after":7200.0,"mention":"@here","channel":"#support-leads"}],"working_hours":true}',NULL,'2026-11-20 09:31:00.000000');
INSERT INTO alerts VALUES(47,'crash','The app crashes','d5fd6146','high','acknowledged','text:bd6363d06e75ad6f7b2377c5666cf3c8','#support','<!subteam^S0SUPPORT1>','says "crashes" and was written 1 minute ago','["crashes"]','2026-11-20 08:31:00.000000','2026-11-20 08:54:07.000000',4,1,'user:U0BERT0002',3,'{"acknowledge":1800.0,"respond":14400.0,"resolve":172800.0,"escalate":[{"after":2700.0,"mention":"<@U0CARLA003>","channel":""},{"after":7200.0,"mention":"@here","channel":"#support-leads"}],"working_hours":true}',NULL,'2026-11-20 11:31:00.000000');
INSERT INTO alerts VALUES(48,'crash','The app crashes','d5fd6146','high','open','text:eeb914e0bd43b099c488e6dc5a74c89a','#support','<!subteam^S0SUPPORT1>','says "freezes" and was written 1 minute ago','["freezes"]','2026-11-20 08:31:00.000000','2026-11-20 08:31:00.000000',5,1,'user:U0BERT0002',2,'{"acknowledge":1800.0,"respond":14400.0,"resolve":172800.0,"escalate":[{"after":2700.0,"mention":"<@U0CARLA003>","channel":""},{"after":7200.0,"mention":"@here","channel":"#support-leads"}],"working_hours":true}',NULL,'2026-11-20 10:31:00.000000');
INSERT INTO alerts VALUES(49,'shop-trouble','A customer of the shop needs help','adb4f9e3','normal','snoozed','author:desk-app:c-5|thread:desk-app:k5','#support','','is a ticket from desk-app and has 3 stars or fewer (2)','[]','2026-11-20 08:31:10.000000','2026-11-20 08:54:07.000000',3,1,'user:U0ANNA0001',3,'{}','{"until":"2026-11-21T08:54:07+00:00","members":5,"worse":false}','2026-11-21 08:54:07.000000');
INSERT INTO alerts VALUES(5,'refund','Wants the money back','d309ed24','normal','replied','feedback:reddit:t3_9','#support','','says "refund"','["refund"]','2026-11-11 10:01:00.000000','2026-11-11 15:10:00.000000',6,1,'user:U0ANNA0001',4,'{"acknowledge":null,"respond":86400.0,"resolve":null,"escalate":[],"working_hours":false}',NULL,NULL);
INSERT INTO alerts VALUES(50,'refund','Wants the money back','d309ed24','normal','open','feedback:forum:http://127.0.0.1:47002/p25','#support','','says "refund"','["refund"]','2026-11-20 09:30:00.000000','2026-11-20 09:30:00.000000',1,1,'',1,'{"acknowledge":null,"respond":86400.0,"resolve":null,"escalate":[],"working_hours":false}',NULL,'2026-11-20 09:30:00.000000');
INSERT INTO alerts VALUES(51,'refund','Wants the money back','d309ed24','normal','open','feedback:forum:http://127.0.0.1:47002/p26','#support','','says "refund"','["refund"]','2026-11-20 09:31:00.000000','2026-11-20 09:31:00.000000',1,1,'',1,'{"acknowledge":null,"respond":86400.0,"resolve":null,"escalate":[],"working_hours":false}',NULL,'2026-11-20 09:31:00.000000');
INSERT INTO alerts VALUES(52,'refund','Wants the money back','d309ed24','normal','open','feedback:forum:http://127.0.0.1:47002/p27','#support','','says "refund"','["refund"]','2026-11-20 09:31:00.000000','2026-11-20 09:31:00.000000',1,1,'',1,'{"acknowledge":null,"respond":86400.0,"resolve":null,"escalate":[],"working_hours":false}',NULL,'2026-11-20 09:31:00.000000');
INSERT INTO alerts VALUES(6,'refund','Wants the money back','d309ed24','normal','open','feedback:reddit:t3_8','#support','','says "refund"','["refund"]','2026-11-11 10:01:00.000000','2026-11-12 10:10:00.000000',9,1,'',4,'{"acknowledge":null,"respond":86400.0,"resolve":null,"escalate":[],"working_hours":false}',NULL,NULL);
INSERT INTO alerts VALUES(7,'refund','Wants the money back','d309ed24','normal','replied','feedback:reddit:t3_7','#support','','says "Money back", "refund"','["Money back","refund"]','2026-11-11 10:01:00.000000','2026-11-11 15:40:00.000000',6,1,'user:U0ANNA0001',5,'{"acknowledge":null,"respond":86400.0,"resolve":null,"escalate":[],"working_hours":false}',NULL,NULL);
INSERT INTO alerts VALUES(8,'refund','Wants the money back','d309ed24','normal','replied','feedback:reddit:t3_6','#support','','says "refund"','["refund"]','2026-11-11 10:01:00.000000','2026-11-11 12:41:00.000000',8,1,'user:U0BERT0002',4,'{"acknowledge":null,"respond":86400.0,"resolve":null,"escalate":[],"working_hours":false}',NULL,NULL);
INSERT INTO alerts VALUES(9,'refund','Wants the money back','d309ed24','normal','open','feedback:reddit:t3_d','#support','','says "refund"','["refund"]','2026-11-11 11:06:00.000000','2026-11-12 09:05:00.000000',8,1,'',4,'{"acknowledge":null,"respond":86400.0,"resolve":null,"escalate":[],"working_hours":false}',NULL,NULL);
CREATE TABLE analyses (
	feedback_id INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	words TEXT NOT NULL, 
	language TEXT NOT NULL, 
	unscored TEXT NOT NULL, 
	vader_compound FLOAT, 
	vader_neg FLOAT, 
	vader_neu FLOAT, 
	vader_pos FLOAT, 
	label TEXT, 
	score FLOAT, 
	problem FLOAT, 
	signals TEXT, 
	stage TEXT, 
	touchpoint TEXT, 
	drivers TEXT, 
	emotion TEXT, 
	why TEXT NOT NULL, 
	CONSTRAINT pk_analyses PRIMARY KEY (feedback_id), 
	CONSTRAINT fk_analyses_feedback_id_feedback FOREIGN KEY(feedback_id) REFERENCES feedback (id) ON DELETE CASCADE
);
INSERT INTO analyses VALUES(1,'Crash
The app crashes when I scan a voucher','crash the app crashes when i scan a voucher','en','',-0.4019,0.252,0.748,0.0,'negative',-0.6808,0.829,'[["bug",["Crash","crashes"]]]','use','product','["quality"]',NULL,'["the words score -0.68: crashes -0.36, Crash -0.32","probably a problem (83%): \"crashes\", \"voucher\", \"The app\", bug","stage use: \"Crash\", \"crashes\"","touchpoint product: \"Crash\", \"crashes\"","quality: \"Crash\", \"crashes\""]');
INSERT INTO analyses VALUES(10,'','','','no words',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'[]','purchase','physical place','[]',NULL,'["the words are not scored (no words)","stage purchase: by its source"]');
INSERT INTO analyses VALUES(11,'Too expensive for what it is','too expensive for what it is','en','',0.0,0.0,1.0,0.0,'negative',-0.75,0.904,'[]','unsure','unsure','["price"]',NULL,'["rated 3 on nps (1.5 of 5 stars)","Too expensive -0.42","probably a problem (90%): \"Too expensive\", 1.5 of 5 stars","price: \"Too expensive\""]');
INSERT INTO analyses VALUES(12,'Great value, I recommend it','great value i recommend it','en','',0.8402,0.0,0.182,0.818,'positive',1.0,0.001,'[["advocacy",["I recommend"]]]','engagement','unsure','[]','admiration','["rated 10 on nps (5 of 5 stars)","Great value +0.45, recommend +0.27","stage engagement: \"I recommend\""]');
INSERT INTO analyses VALUES(13,'=HYPERLINK("https://evil.example")','hyperlink https evil example','','',0.0,0.0,1.0,0.0,'neutral',0.0,0.395,'[]','unsure','unsure','[]',NULL,'["rated 7 on nps (3 of 5 stars)"]');
INSERT INTO analyses VALUES(14,'No date here','no date here','','',-0.296,0.524,0.476,0.0,'negative',-1.0,0.906,'[]','unsure','unsure','[]',NULL,'["rated 0 on nps (1 of 5 stars)","No -0.30","probably a problem (91%): \"No\", 1 of 5 stars"]');
INSERT INTO analyses VALUES(15,'Chat
The agent was kind and quick.','chat the agent was kind and quick','en','',0.5267,0.0,0.638,0.362,'positive',1.0,0.009,'[]','support','service','[]',NULL,'["rated 5 on csat5 (5 of 5 stars)","kind +0.46, quick +0.21","stage support: as a ticket"]');
INSERT INTO analyses VALUES(16,'Chat
I waited forty minutes and nobody answered.','chat i waited forty minutes and nobody answered','en','',0.0,0.0,1.0,0.0,'negative',-1.0,0.984,'[["no_response",["nobody answered"]]]','support','service','["communication"]',NULL,'["rated 1 on csat5 (1 of 5 stars)","waited -0.25","probably a problem (98%): \"nobody\", \"waited\", \"answered\", no_response, 1 of 5 stars","stage support: \"nobody answered\"","touchpoint service: \"nobody answered\"","communication: \"nobody answered\""]');
INSERT INTO analyses VALUES(17,'It was hard to cancel','it was hard to cancel','en','',-0.34,0.531,0.469,0.0,'negative',-6.66666666666666740681e-01,0.956,'[]','unsure','unsure','["convenience"]','sadness','["rated 2 on ces7 (1.7 of 5 stars)","cancel -0.24, hard -0.10","probably a problem (96%): \"hard to\", \"cancel\", 1.7 of 5 stars","convenience: \"hard to cancel\""]');
INSERT INTO analyses VALUES(18,'Easy','easy','','',0.4404,0.0,0.0,1.0,'positive',1.0,0.001,'[]','unsure','unsure','[]',NULL,'["rated 7 on ces7 (5 of 5 stars)","Easy +0.44"]');
INSERT INTO analyses VALUES(19,'Does not help','does not help','','',-0.3089,0.53,0.47,0.0,'negative',-1.0,0.98,'[]','unsure','unsure','[]',NULL,'["rated 0 on thumbs (1 of 5 stars)","help -0.31","probably a problem (98%): \"not help\", 1 of 5 stars"]');
INSERT INTO analyses VALUES(2,'Recommended
I recommend the newsletter, it is never slow','recommended i recommend the newsletter it is never slow','en','',0.5106,0.0,0.619,0.381,'positive',0.6442,0.053,'[]','unsure','marketing','["speed"]',NULL,'["the words score +0.64: recommend +0.30, slow +0.19, Recommended +0.16","touchpoint marketing: \"newsletter\"","speed: \"slow\""]');
INSERT INTO analyses VALUES(20,'Helps','helps','','',0.3818,0.0,0.0,1.0,'positive',1.0,0.013,'[]','unsure','unsure','[]',NULL,'["rated 1 on thumbs (5 of 5 stars)","Helps +0.38"]');
INSERT INTO analyses VALUES(21,'OK
Nice','ok nice','','',0.694,0.0,0.0,1.0,'positive',0.5,0.042,'[]','use','product','[]','admiration','["rated 4 on stars5 (4 of 5 stars)","OK +0.36, Nice +0.33","stage use: by its source"]');
INSERT INTO analyses VALUES(22,'Hello
Is this the place for acme questions?','hello is this the place for acme questions','en','',0.0,0.0,1.0,0.0,'neutral',0.0,0.095,'[["question",["Is this"]]]','unsure','unsure','[]',NULL,'["the words score +0.00"]');
INSERT INTO analyses VALUES(23,'Lunch at #acme is wonderful','lunch at # acme is wonderful','en','',0.5719,0.0,0.519,0.481,'positive',0.5719,0.015,'[]','unsure','unsure','[]','admiration','["the words score +0.57: wonderful +0.57"]');
INSERT INTO analyses VALUES(24,'How do I change my address?','how do i change my address','en','',0.0,0.0,1.0,0.0,'neutral',0.0,0.057,'[["question",["How do I"]]]','unsure','unsure','[]',NULL,'["the words score +0.00"]');
INSERT INTO analyses VALUES(25,'Widget is slow
It takes a minute, really slow','widget is slow it takes a minute really slow','en','',0.0,0.0,1.0,0.0,'neutral',0.0,0.458,'[]','use','product','["speed"]',NULL,'["the words score -0.60: slow -0.60","the words sound negative, but a complaint is unlikely (46%)","stage use: \"Widget is\"","touchpoint product: \"Widget\"","speed: \"slow\""]');
INSERT INTO analyses VALUES(26,'Same here, laggy on every page','same here laggy on every page','en','',0.0,0.0,1.0,0.0,'negative',-0.4019,0.672,'[["bug",["laggy"]]]','use','product','["quality"]',NULL,'["the words score -0.40: laggy -0.40","probably a problem (67%): \"laggy\", \"Same\", bug","stage use: \"laggy\"","touchpoint product: \"laggy\"","quality: \"laggy\", \"laggy\""]');
INSERT INTO analyses VALUES(27,'Show HN: Acme widgets
We made acme','show hn acme widgets we made acme','en','',0.0,0.0,1.0,0.0,'neutral',0.0,0.25,'[]','unsure','product','[]',NULL,'["the words score +0.00","touchpoint product: \"widgets\""]');
INSERT INTO analyses VALUES(28,'Crash at checkout
The app crashes every time I pay with my card since the last update of it, mail me at gerd@mail.example','crash at checkout the app crashes every time i pay with my card since the last update of it mail me at gerd @ mail example','en','',-0.4767,0.163,0.837,0.0,'negative',-0.7184,0.98,'[["bug",["Crash","crashes"]]]','use','product','["quality"]',NULL,'["the words score -0.72: crashes -0.34, Crash -0.31, pay -0.07","probably a problem (98%): \"last update\", \"every time\", \"since the\", bug","stage use: \"Crash\", \"crashes\"","touchpoint product: \"Crash\", \"crashes\"","quality: \"Crash\", \"crashes\""]');
INSERT INTO analyses VALUES(29,'the app crashes every time I pay with my card since the last update of it!! gerd, you are right','the app crashes every time i pay with my card since the last update of it gerd you are right','en','',-0.2462,0.095,0.905,0.0,'negative',-0.5972,0.975,'[["bug",["crashes"]]]','use','product','["quality"]',NULL,'["the words score -0.60: crashes -0.39, ! -0.12, pay -0.08","probably a problem (98%): \"last update\", \"every time\", \"since the\", bug","stage use: \"crashes\", \"app crashes\"","touchpoint product: \"crashes\", \"the app\"","quality: \"crashes\""]');
INSERT INTO analyses VALUES(3,'Some day the app crashed, I forgot when','some day the app crashed i forgot when','en','',0.0,0.0,1.0,0.0,'negative',-0.4404,0.859,'[["bug",["crashed"]]]','use','product','["quality"]',NULL,'["the words score -0.44: crashed -0.44","probably a problem (86%): \"Some\", \"crashed\", \"forgot\", bug","stage use: \"crashed\", \"app crashed\"","touchpoint product: \"crashed\", \"the app\"","quality: \"crashed\""]');
INSERT INTO analyses VALUES(30,'Down?
The site is down and I cannot log in','down the site is down and i cannot log in','en','',0.0,0.0,1.0,0.0,'negative',-0.3182,0.894,'[["outage",["site is down"]],["bug",["cannot log in"]]]','use','product','["quality"]',NULL,'["the words score -0.32: is down -0.32","probably a problem (89%): \"cannot\", \"Down\", \"log in\", outage, bug","stage use: \"site is down\", \"cannot log in\"","touchpoint product: \"site is down\", \"cannot log in\"","quality: \"site is down\", \"cannot log in\""]');
INSERT INTO analyses VALUES(31,'Also down
Still the site is down for me, mo_h','also down still the site is down for me mo h','en','',0.0,0.0,1.0,0.0,'negative',-0.3182,0.681,'[["outage",["site is down"]]]','use','product','["quality"]',NULL,'["the words score -0.32: is down -0.32","probably a problem (68%): \"down\", \"Still\", outage","stage use: \"site is down\"","touchpoint product: \"site is down\", \"site is\"","quality: \"site is down\""]');
INSERT INTO analyses VALUES(32,'Also down
Still the site is down for me, nils_q','also down still the site is down for me nils q','en','',0.0,0.0,1.0,0.0,'negative',-0.3182,0.692,'[["outage",["site is down"]]]','use','product','["quality"]',NULL,'["the words score -0.32: is down -0.32","probably a problem (69%): \"down\", \"Still\", outage","stage use: \"site is down\"","touchpoint product: \"site is down\", \"site is\"","quality: \"site is down\""]');
INSERT INTO analyses VALUES(33,'Also down
Still the site is down for me, otto_r','also down still the site is down for me otto r','en','',0.0,0.0,1.0,0.0,'negative',-0.3182,0.699,'[["outage",["site is down"]]]','use','product','["quality"]',NULL,'["the words score -0.32: is down -0.32","probably a problem (70%): \"down\", \"Still\", outage","stage use: \"site is down\"","touchpoint product: \"site is down\", \"site is\"","quality: \"site is down\""]');
INSERT INTO analyses VALUES(34,'site is down is what I read, fine here','site is down is what i read fine here','en','',0.2023,0.0,0.816,0.184,'negative',-0.128,0.6,'[["outage",["site is down"]]]','use','product','["quality"]',NULL,'["the words score -0.13: is down -0.33, fine +0.20","probably a problem (60%): \"down\", outage","stage use: \"site is down\"","touchpoint product: \"site is down\", \"site is\"","quality: \"site is down\""]');
INSERT INTO analyses VALUES(35,'The app crashes every time I pay with my card since the last update of it','the app crashes every time i pay with my card since the last update of it','en','',-0.1027,0.085,0.915,0.0,'negative',-0.5106,0.981,'[["bug",["crashes"]]]','use','product','["quality"]',NULL,'["the words score -0.51: crashes -0.42, pay -0.09","probably a problem (98%): \"last update\", \"every time\", \"since the\", bug","stage use: \"crashes\", \"app crashes\"","touchpoint product: \"crashes\", \"The app\"","quality: \"crashes\""]');
INSERT INTO analyses VALUES(36,'Money waits
I want a refund, case waits, call +49 341 1234567','money waits i want a refund case waits call + 49 341 1234567','en','',0.0772,0.0,0.894,0.106,'negative',-0.1779,0.754,'[["refund",["refund"]]]','post-purchase','unsure','[]',NULL,'["the words score -0.18: refund -0.25, want +0.08","probably a problem (75%): \"Money\", \"refund\", \"call\", refund","stage post-purchase: \"refund\""]');
INSERT INTO analyses VALUES(37,'Money lost
I want a refund, case lost, call +49 341 1234567','money lost i want a refund case lost call + 49 341 1234567','en','',-0.5106,0.309,0.604,0.087,'negative',-0.6486,0.928,'[["refund",["refund"]]]','post-purchase','unsure','[]',NULL,'["the words score -0.65: lost -0.51, refund -0.20, want +0.06","probably a problem (93%): \"Money\", \"refund\", \"call\", refund","stage post-purchase: \"refund\""]');
INSERT INTO analyses VALUES(38,'Money locked
I want a refund, case locked, call +49 341 1234567','money locked i want a refund case locked call + 49 341 1234567','en','',0.0772,0.0,0.894,0.106,'negative',-0.1779,0.837,'[["refund",["refund"]]]','post-purchase','unsure','[]',NULL,'["the words score -0.18: refund -0.25, want +0.08","probably a problem (84%): \"locked\", \"Money\", \"refund\", refund","stage post-purchase: \"refund\""]');
INSERT INTO analyses VALUES(39,'Money back
I want a refund, case back, call +49 341 1234567','money back i want a refund case back call + 49 341 1234567','en','',0.0772,0.0,0.894,0.106,'negative',-0.4767,0.894,'[["refund",["refund"]]]','post-purchase','unsure','[]',NULL,'["the words score -0.48: Money back -0.32, refund -0.23, want +0.07","probably a problem (89%): \"Money\", \"refund\", \"call\", refund","stage post-purchase: \"refund\""]');
INSERT INTO analyses VALUES(4,'Kiosk
The kiosk jammed and the sandwiches were sold out','kiosk the kiosk jammed and the sandwiches were sold out','en','',0.0,0.0,1.0,0.0,'negative',-0.5,0.778,'[]','purchase','sales','[]',NULL,'["rated 2 on stars5 (2 of 5 stars)","sold out -0.36","probably a problem (78%): \"jammed\", 2 of 5 stars","stage purchase: \"Kiosk The kiosk jammed\""]');
INSERT INTO analyses VALUES(40,'Money sent
I want a refund, case sent. Edit: they answered','money sent i want a refund case sent edit they answered','en','',0.0772,0.0,0.885,0.115,'negative',-0.1779,0.744,'[["refund",["refund"]]]','post-purchase','unsure','[]',NULL,'["the words score -0.18: refund -0.25, want +0.08","probably a problem (74%): \"Money\", \"refund\", \"sent\", refund","stage post-purchase: \"refund\""]');
INSERT INTO analyses VALUES(41,'Money unsure
I want a refund, case unsure, call +49 341 1234567','money unsure i want a refund case unsure call + 49 341 1234567','en','',-0.4019,0.28,0.629,0.091,'negative',-0.5719,0.889,'[["refund",["refund"]]]','post-purchase','unsure','[]',NULL,'["the words score -0.57: unsure -0.42, refund -0.21, want +0.06","probably a problem (89%): \"Money\", \"refund\", \"call\", refund","stage post-purchase: \"refund\""]');
INSERT INTO analyses VALUES(42,'Money tried
I want a refund, case tried, call +49 341 1234567','money tried i want a refund case tried call + 49 341 1234567','en','',0.0772,0.0,0.894,0.106,'negative',-0.1779,0.78,'[["refund",["refund"]]]','post-purchase','unsure','[]',NULL,'["the words score -0.18: refund -0.25, want +0.08","probably a problem (78%): \"Money\", \"refund\", \"call\", refund","stage post-purchase: \"refund\""]');
INSERT INTO analyses VALUES(43,'Money due
I want a refund, case due, call +49 341 1234567','money due i want a refund case due call + 49 341 1234567','en','',0.0772,0.0,0.894,0.106,'negative',-0.1779,0.759,'[["refund",["refund"]]]','post-purchase','unsure','[]',NULL,'["the words score -0.18: refund -0.25, want +0.08","probably a problem (76%): \"Money\", \"refund\", \"call\", refund","stage post-purchase: \"refund\""]');
INSERT INTO analyses VALUES(44,'Dear customer, sorry about sent.','dear customer sorry about sent','en','',0.3182,0.188,0.435,0.377,'negative',-0.582,0.791,'[]','unsure','unsure','[]','sadness','["the words score +0.32: Dear +0.39, sorry -0.07","but what they tell is a problem","probably a problem (79%): \"sorry\", \"customer\", \"sent\""]');
INSERT INTO analyses VALUES(45,'Nobody ever called me back','nobody ever called me back','en','',0.0,0.0,1.0,0.0,'negative',-0.654,0.827,'[["no_response",["Nobody ever called"]]]','support','service','["communication"]',NULL,'["the words score +0.00","but what they tell is a problem","probably a problem (83%): \"Nobody\", \"back\", \"called\", no_response","stage support: \"Nobody ever called\"","touchpoint service: \"Nobody ever called\"","communication: \"Nobody ever called\""]');
INSERT INTO analyses VALUES(46,'Voucher
charged twice for a voucher','voucher charged twice for a voucher','en','',-0.2023,0.265,0.735,0.0,'negative',-0.5106,0.769,'[["billing",["charged twice"]]]','purchase','sales','["price"]',NULL,'["the words score -0.51: charged twice -0.51","probably a problem (77%): \"charged twice\", \"Voucher\", billing","stage purchase: \"charged twice\"","price: \"charged twice\""]');
INSERT INTO analyses VALUES(47,'Dear customer, sorry about lost.','dear customer sorry about lost','en','',0.0,0.439,0.244,0.317,'negative',-0.77,0.885,'[]','unsure','unsure','[]','sadness','["the words score +0.00: Dear +0.41, lost -0.34, sorry -0.08","but what they tell is a problem","probably a problem (88%): \"sorry\", \"customer\", \"lost\""]');
INSERT INTO analyses VALUES(48,'We sent you the refund','we sent you the refund','en','',0.0,0.0,1.0,0.0,'neutral',0.0,0.347,'[["refund",["refund"]]]','post-purchase','unsure','[]',NULL,'["the words score -0.25: refund -0.25","the words sound negative, but a complaint is unlikely (35%)","stage post-purchase: \"refund\""]');
INSERT INTO analyses VALUES(49,'Old
An old refund story','old an old refund story','en','',0.0,0.0,1.0,0.0,'neutral',0.0,0.277,'[["refund",["refund"]]]','post-purchase','unsure','[]',NULL,'["the words score -0.25: refund -0.25","the words sound negative, but a complaint is unlikely (28%)","stage post-purchase: \"refund\""]');
INSERT INTO analyses VALUES(5,'Good
Quick and friendly, wonderful','good quick and friendly wonderful','en','',0.8689,0.0,0.169,0.831,'positive',1.0,0.001,'[]','purchase','sales','["empathy"]','admiration','["rated 5 on stars5 (5 of 5 stars)","wonderful +0.31, friendly +0.25, Good +0.22","stage purchase: by its source","empathy: \"and friendly\""]');
INSERT INTO analyses VALUES(50,'Freezes
It freezes and I want my money back','freezes it freezes and i want my money back','en','',0.0258,0.232,0.632,0.137,'negative',-0.5,0.998,'[["refund",["want my money back"]],["bug",["Freezes"]]]','use','product','["quality"]',NULL,'["rated 2 on stars5 (2 of 5 stars)","Freezes -0.51, want my money -0.28","probably a problem (100%): \"Freezes\", \"want my\", \"money\", refund, bug, 2 of 5 stars","stage use: \"Freezes\"","touchpoint product: \"Freezes\"","quality: \"Freezes\""]');
INSERT INTO analyses VALUES(51,'Wow
Love it, the best app ever, thank you so much!','wow love it the best app ever thank you so much','en','',0.9432,0.0,0.318,0.682,'positive',1.0,0.0,'[]','use','product','[]','gratitude','["rated 5 on stars5 (5 of 5 stars)","Love +0.27, best +0.27, Wow +0.24","stage use: by its source","touchpoint product: \"best app\""]');
INSERT INTO analyses VALUES(52,'Voi
Rakastan mutta sovellus ei avaudu ollenkaan, surkea','voi rakastan mutta sovellus ei avaudu ollenkaan surkea','fi','language: fi',NULL,NULL,NULL,NULL,'negative',-1.0,0.906,'[]','use','product','[]',NULL,'["rated 1 on stars5 (1 of 5 stars)","the words are not scored (language: fi)","stage use: by its source"]');
INSERT INTO analyses VALUES(53,'A lawsuit against acme? Hardly','a lawsuit against acme hardly','en','',-0.2263,0.322,0.678,0.0,'negative',-0.2263,0.843,'[["legal",["lawsuit"]]]','unsure','unsure','[]',NULL,'["the words score -0.23: lawsuit -0.23","probably a problem (84%): \"Hardly\", \"against\", \"lawsuit\", legal"]');
INSERT INTO analyses VALUES(54,'Acme will hear from my lawyer','acme will hear from my lawyer','en','',0.0,0.0,1.0,0.0,'neutral',0.0,0.468,'[["legal",["my lawyer"]]]','unsure','unsure','[]',NULL,'["the words score +0.00"]');
INSERT INTO analyses VALUES(55,'Order late
My order is late and nobody answers','order late my order is late and nobody answers','en','',0.0,0.0,1.0,0.0,'negative',-0.5,0.994,'[["no_response",["nobody answers"]]]','post-purchase','service','["speed","communication"]',NULL,'["rated 2 on stars5 (2 of 5 stars)","nobody answers -0.42","probably a problem (99%): \"nobody\", \"is late\", \"Order\", no_response, 2 of 5 stars","stage post-purchase: \"Order late\", \"order is late\"","touchpoint service: \"nobody answers\"","speed: \"late\"","communication: \"nobody answers\""]');
INSERT INTO analyses VALUES(56,'Still late. Card 4111 1111 1111 1111','still late card 4111 1111 1111 1111','','',0.0,0.0,1.0,0.0,'negative',-1.0,0.911,'[]','support','service','["speed"]',NULL,'["rated 1 on stars5 (1 of 5 stars)","probably a problem (91%): \"Still\", \"late\", 1 of 5 stars","stage support: as a ticket","speed: \"late\""]');
INSERT INTO analyses VALUES(57,'Box
The box came broken','box the box came broken','en','',-0.4767,0.437,0.563,0.0,'negative',-0.5,0.812,'[]','post-purchase','service','[]',NULL,'["rated 2 on stars5 (2 of 5 stars)","broken -0.48","probably a problem (81%): \"broken\", 2 of 5 stars","stage post-purchase: \"came broken\""]');
INSERT INTO analyses VALUES(58,'Cold food again','cold food again','','',0.0,0.0,1.0,0.0,'neutral',0.0,0.942,'[]','support','service','[]',NULL,'["rated 3 on stars5 (3 of 5 stars)","probably a problem (94%): \"Cold\", \"again\", \"food\", 3 of 5 stars","stage support: as a ticket"]');
INSERT INTO analyses VALUES(59,'Rude staff in Dresden','rude staff in dresden','en','',-0.4588,0.5,0.5,0.0,'negative',-1.0,0.988,'[]','support','service','["empathy"]',NULL,'["rated 1 on stars5 (1 of 5 stars)","Rude -0.46","probably a problem (99%): \"Rude\", \"staff\", 1 of 5 stars","stage support: as a ticket","touchpoint service: \"Rude staff\"","empathy: \"Rude\""]');
INSERT INTO analyses VALUES(6,'Acme moves house','acme moves house','','',0.0,0.0,1.0,0.0,'neutral',0.0,0.249,'[]','unsure','unsure','[]',NULL,'["the words score +0.00"]');
INSERT INTO analyses VALUES(60,'Rude again','rude again','','',-0.4588,0.75,0.25,0.0,'negative',-1.0,0.999,'[]','support','service','["empathy"]',NULL,'["rated 1 on stars5 (1 of 5 stars)","Rude -0.46","probably a problem (100%): \"Rude\", \"again\", 1 of 5 stars","stage support: as a ticket","empathy: \"Rude\""]');
INSERT INTO analyses VALUES(61,'A man at the till wants his money back for a cold soup','a man at the till wants his money back for a cold soup','en','',0.0,0.0,1.0,0.0,'negative',-1.0,0.953,'[]','support','service','[]',NULL,'["rated 1 on stars5 (1 of 5 stars)","money back -0.34","probably a problem (95%): \"cold\", \"till\", \"money\", 1 of 5 stars","stage support: as a ticket"]');
INSERT INTO analyses VALUES(62,'About soup
I want a refund for soup','about soup i want a refund for soup','en','',0.0772,0.0,0.843,0.157,'neutral',0.0,0.436,'[["refund",["refund"]]]','post-purchase','unsure','[]',NULL,'["the words score -0.18: refund -0.25, want +0.08","the words sound negative, but a complaint is unlikely (44%)","stage post-purchase: \"refund\""]');
INSERT INTO analyses VALUES(63,'About bread
I want a refund for bread','about bread i want a refund for bread','en','',0.0772,0.0,0.843,0.157,'neutral',0.0,0.434,'[["refund",["refund"]]]','post-purchase','unsure','[]',NULL,'["the words score -0.18: refund -0.25, want +0.08","the words sound negative, but a complaint is unlikely (43%)","stage post-purchase: \"refund\""]');
INSERT INTO analyses VALUES(64,'About salad
I want a refund for salad','about salad i want a refund for salad','en','',0.0772,0.0,0.843,0.157,'neutral',0.0,0.434,'[["refund",["refund"]]]','post-purchase','unsure','[]',NULL,'["the words score -0.18: refund -0.25, want +0.08","the words sound negative, but a complaint is unlikely (43%)","stage post-purchase: \"refund\""]');
INSERT INTO analyses VALUES(65,'About coffee
I want a refund for coffee','about coffee i want a refund for coffee','en','',0.0772,0.0,0.843,0.157,'neutral',0.0,0.437,'[["refund",["refund"]]]','post-purchase','unsure','[]',NULL,'["the words score -0.18: refund -0.25, want +0.08","the words sound negative, but a complaint is unlikely (44%)","stage post-purchase: \"refund\""]');
INSERT INTO analyses VALUES(66,'About tea
I want a refund for tea','about tea i want a refund for tea','en','',0.0772,0.0,0.843,0.157,'neutral',0.0,0.455,'[["refund",["refund"]]]','post-purchase','unsure','[]',NULL,'["the words score -0.18: refund -0.25, want +0.08","the words sound negative, but a complaint is unlikely (46%)","stage post-purchase: \"refund\""]');
INSERT INTO analyses VALUES(67,'About cake
I want a refund for cake','about cake i want a refund for cake','en','',0.0772,0.0,0.843,0.157,'neutral',0.0,0.431,'[["refund",["refund"]]]','post-purchase','unsure','[]',NULL,'["the words score -0.18: refund -0.25, want +0.08","the words sound negative, but a complaint is unlikely (43%)","stage post-purchase: \"refund\""]');
INSERT INTO analyses VALUES(68,'About juice
I want a refund for juice','about juice i want a refund for juice','en','',0.0772,0.0,0.843,0.157,'neutral',0.0,0.437,'[["refund",["refund"]]]','post-purchase','unsure','[]',NULL,'["the words score -0.18: refund -0.25, want +0.08","the words sound negative, but a complaint is unlikely (44%)","stage post-purchase: \"refund\""]');
INSERT INTO analyses VALUES(69,'About pasta
I want a refund for pasta','about pasta i want a refund for pasta','en','',0.0772,0.0,0.843,0.157,'neutral',0.0,0.448,'[["refund",["refund"]]]','post-purchase','unsure','[]',NULL,'["the words score -0.18: refund -0.25, want +0.08","the words sound negative, but a complaint is unlikely (45%)","stage post-purchase: \"refund\""]');
INSERT INTO analyses VALUES(7,'Der Tisch wackelt, sonst gut','der tisch wackelt sonst gut','de','language: de',NULL,NULL,NULL,NULL,'positive',0.5,0.316,'[]','purchase','physical place','[]',NULL,'["rated 2 on inverted5 (4 of 5 stars)","the words are not scored (language: de)","stage purchase: by its source"]');
INSERT INTO analyses VALUES(70,'About rice
I want a refund for rice','about rice i want a refund for rice','en','',0.0772,0.0,0.843,0.157,'neutral',0.0,0.437,'[["refund",["refund"]]]','post-purchase','unsure','[]',NULL,'["the words score -0.18: refund -0.25, want +0.08","the words sound negative, but a complaint is unlikely (44%)","stage post-purchase: \"refund\""]');
INSERT INTO analyses VALUES(71,'About a very long story a very long story a very long story
I want a refund for a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story','about a very long story a very long story a very long story i want a refund for a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story','en','',0.0772,0.0,0.997,0.003,'negative',-0.1779,0.747,'[["refund",["refund"]]]','post-purchase','unsure','[]',NULL,'["the words score -0.18: refund -0.25, want +0.08","probably a problem (75%): \"refund\", \"a very\", \"want\", refund","stage post-purchase: \"refund\""]');
INSERT INTO analyses VALUES(72,'<@U0ANNA0001> *bold*
<!channel> refund <https://evil.example|your bank> @here evil =1+1 <script>alert(1)</script>','@ u0anna0001 bold channel refund https evil example your bank @ here evil 1 + 1 script alert 1 script','en','',-0.4753,0.307,0.523,0.17,'negative',-0.6239,0.819,'[["refund",["refund"]]]','post-purchase','unsure','[]',NULL,'["the words score -0.62: evil -0.69, bold +0.32, refund -0.20","probably a problem (82%): \"script\", \"refund\", \"example\", refund","stage post-purchase: \"refund\""]');
INSERT INTO analyses VALUES(73,'Another refund, for the juice','another refund for the juice','en','',0.0,0.0,1.0,0.0,'neutral',0.0,0.286,'[["refund",["refund"]]]','post-purchase','unsure','[]',NULL,'["the words score -0.25: refund -0.25","the words sound negative, but a complaint is unlikely (29%)","stage post-purchase: \"refund\""]');
INSERT INTO analyses VALUES(74,'My cashback is missing, refund it','my cashback is missing refund it','en','',-0.296,0.306,0.694,0.0,'negative',-0.4939,0.615,'[["refund",["cashback is missing","refund"]]]','post-purchase','unsure','[]','sadness','["the words score -0.49: missing -0.27, refund -0.22","probably a problem (62%): \"refund\", \"missing\", refund","stage post-purchase: \"cashback is missing\", \"refund\""]');
INSERT INTO analyses VALUES(77,'Dear customer, here is your money.','dear customer here is your money','en','',0.3818,0.0,0.658,0.342,'positive',0.3818,0.31,'[]','unsure','unsure','[]',NULL,'["the words score +0.38: Dear +0.38"]');
INSERT INTO analyses VALUES(78,'Slow and rude','slow and rude','','',-0.4588,0.6,0.4,0.0,'negative',-9.16666666666666629659e-01,0.996,'[]','unsure','unsure','["speed","empathy"]',NULL,'["rated 1 on nps (1.2 of 5 stars)","rude -0.39, Slow -0.26","probably a problem (100%): \"rude\", \"Slow\", 1.2 of 5 stars","speed: \"Slow\"","empathy: \"rude\""]');
INSERT INTO analyses VALUES(79,'Never again','never again','en','',0.0,0.0,1.0,0.0,'negative',-8.3333333333333337034e-01,0.987,'[]','unsure','unsure','[]',NULL,'["rated 2 on nps (1.3 of 5 stars)","Never again -0.49","probably a problem (99%): \"again\", \"Never\", 1.3 of 5 stars"]');
INSERT INTO analyses VALUES(8,'Langsame Bedienung und unfreundlich','langsame bedienung und unfreundlich','de','language: de',NULL,NULL,NULL,NULL,'negative',-1.0,0.906,'[]','purchase','physical place','[]',NULL,'["rated 5 on inverted5 (1 of 5 stars)","the words are not scored (language: de)","stage purchase: by its source"]');
INSERT INTO analyses VALUES(80,'Fine, thank you','fine thank you','','',0.5106,0.0,0.189,0.811,'positive',0.75,0.003,'[]','unsure','unsure','[]','gratitude','["rated 9 on nps (4.5 of 5 stars)","thank +0.33, Fine +0.18"]');
INSERT INTO analyses VALUES(81,'I get the newsletter twice a day','i get the newsletter twice a day','en','',0.0,0.0,1.0,0.0,'neutral',0.0,0.099,'[]','unsure','marketing','[]',NULL,'["the words score +0.00","touchpoint marketing: \"newsletter\""]');
INSERT INTO analyses VALUES(82,'Tables wobble at your cafe in Leipzig, otherwise nice','tables wobble at your cafe in leipzig otherwise nice','en','',0.4215,0.0,0.741,0.259,'positive',0.4215,0.065,'[["wobbly",["wobble"]]]','unsure','physical place','[]','admiration','["the words score +0.42: nice +0.42","touchpoint physical place: \"wobble\""]');
INSERT INTO analyses VALUES(83,'Map
App freezes on the map screen whenever I rotate it','map app freezes on the map screen whenever i rotate it','en','',-0.0258,0.099,0.901,0.0,'negative',-0.3818,0.9,'[["bug",["freezes"]]]','use','product','["quality"]',NULL,'["the words score -0.38: freezes -0.38","probably a problem (90%): \"freezes\", \"screen\", bug","stage use: \"freezes\", \"App freezes\"","touchpoint product: \"freezes\", \"App freezes\"","quality: \"freezes\""]');
INSERT INTO analyses VALUES(84,'Start
The newest app crashes at start on my old phone, +49 341 7654321','start the newest app crashes at start on my old phone + 49 341 7654321','en','',0.0,0.0,1.0,0.0,'negative',-0.4404,0.601,'[["bug",["crashes"]]]','use','product','["quality"]',NULL,'["the words score -0.44: crashes -0.44","probably a problem (60%): \"crashes\", bug","stage use: \"crashes\", \"app crashes\"","touchpoint product: \"crashes\", \"app crashes\"","quality: \"crashes\""]');
INSERT INTO analyses VALUES(85,'Wallet
The wallet page freezes for a minute when I open it','wallet the wallet page freezes for a minute when i open it','en','',-0.0258,0.091,0.909,0.0,'negative',-0.3818,0.752,'[["bug",["freezes"]]]','use','product','["quality"]',NULL,'["the words score -0.38: freezes -0.38","probably a problem (75%): \"freezes\", \"open\", bug","stage use: \"freezes\"","touchpoint product: \"freezes\"","quality: \"freezes\""]');
INSERT INTO analyses VALUES(86,'Where is my order?','where is my order','en','',0.0,0.0,1.0,0.0,'negative',-0.5,0.778,'[["question",["Where is"]]]','post-purchase','service','[]',NULL,'["rated 2 on stars5 (2 of 5 stars)","probably a problem (78%): \"order\", question, 2 of 5 stars","stage post-purchase: \"Where is my order\""]');
INSERT INTO analyses VALUES(87,'Please a refund for the tram ticket','please a refund for the tram ticket','en','',0.3182,0.0,0.723,0.277,'negative',-0.25,0.562,'[["refund",["refund"]]]','post-purchase','unsure','[]',NULL,'["the words score -0.25: refund -0.25","probably a problem (56%): \"Please\", \"refund\", refund","stage post-purchase: \"refund\""]');
INSERT INTO analyses VALUES(88,'Please a refund for the bus ticket','please a refund for the bus ticket','en','',0.3182,0.0,0.723,0.277,'neutral',0.0,0.471,'[["refund",["refund"]]]','post-purchase','unsure','[]',NULL,'["the words score -0.25: refund -0.25","the words sound negative, but a complaint is unlikely (47%)","stage post-purchase: \"refund\""]');
INSERT INTO analyses VALUES(89,'Please a refund for the boat ticket','please a refund for the boat ticket','en','',0.3182,0.0,0.723,0.277,'negative',-0.25,0.551,'[["refund",["refund"]]]','post-purchase','unsure','[]',NULL,'["the words score -0.25: refund -0.25","probably a problem (55%): \"Please\", \"refund\", refund","stage post-purchase: \"refund\""]');
INSERT INTO analyses VALUES(9,'Alles bestens, danke!','alles bestens danke','nl','language: nl',NULL,NULL,NULL,NULL,'positive',1.0,0.143,'[]','purchase','physical place','[]',NULL,'["rated 1 on inverted5 (5 of 5 stars)","the words are not scored (language: nl)","stage purchase: by its source"]');
CREATE TABLE answered (
	feedback_id INTEGER NOT NULL, 
	alert_id INTEGER NOT NULL, 
	source_id TEXT NOT NULL, 
	author TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	came_back BOOLEAN NOT NULL, 
	CONSTRAINT pk_answered PRIMARY KEY (feedback_id, alert_id), 
	CONSTRAINT fk_answered_alert_id_alerts FOREIGN KEY(alert_id) REFERENCES alerts (id), 
	CONSTRAINT fk_answered_feedback_id_feedback FOREIGN KEY(feedback_id) REFERENCES feedback (id) ON DELETE CASCADE
);
INSERT INTO answered VALUES(30,3,'reddit','t2_lea_m','2026-11-10 09:28:02.000000',0);
INSERT INTO answered VALUES(31,3,'reddit','t2_mo_h','2026-11-10 09:28:02.000000',0);
INSERT INTO answered VALUES(32,3,'reddit','t2_nils_q','2026-11-10 09:28:02.000000',0);
INSERT INTO answered VALUES(33,3,'reddit','t2_otto_r','2026-11-10 09:28:02.000000',0);
INSERT INTO answered VALUES(37,5,'reddit','t2_t_user','2026-11-11 15:10:00.000000',0);
INSERT INTO answered VALUES(39,7,'reddit','t2_r_user','2026-11-11 15:40:00.000000',0);
INSERT INTO answered VALUES(40,8,'reddit','t2_q_user','2026-11-11 12:41:00.000000',1);
INSERT INTO answered VALUES(46,12,'reddit','t2_x_user','2026-11-11 15:31:00.000000',0);
INSERT INTO answered VALUES(50,14,'ios','https://itunes.apple.com/us/reviews/id9000000002','2026-11-12 10:10:07.000000',0);
INSERT INTO answered VALUES(51,15,'ios','https://itunes.apple.com/us/reviews/id9000000004','2026-11-14 09:05:06.000000',0);
CREATE TABLE deliveries (
	id TEXT NOT NULL, 
	dedupe_key TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	state TEXT NOT NULL, 
	channel TEXT NOT NULL, 
	alert_id INTEGER, 
	merged_into TEXT, 
	severity TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	not_before DATETIME NOT NULL, 
	attempts INTEGER NOT NULL, 
	attempted_at DATETIME, 
	probes INTEGER NOT NULL, 
	sent_at DATETIME, 
	message_id TEXT NOT NULL, 
	posted_to TEXT NOT NULL, 
	error TEXT NOT NULL, 
	repeat BOOLEAN NOT NULL, event_id INTEGER, 
	CONSTRAINT pk_deliveries PRIMARY KEY (id), 
	CONSTRAINT fk_deliveries_alert_id_alerts FOREIGN KEY(alert_id) REFERENCES alerts (id), 
	CONSTRAINT fk_deliveries_merged_into_deliveries FOREIGN KEY(merged_into) REFERENCES deliveries (id), 
	CONSTRAINT uq_deliveries_dedupe_key UNIQUE (dedupe_key)
);
INSERT INTO deliveries VALUES('013bc6bad8a948f4970c4b00ecd78663','event:257','entry','pending','#support',46,NULL,'high','2026-11-20 09:31:00.000000','2026-11-20 09:31:00.000000',0,NULL,0,NULL,'','','',0,257);
INSERT INTO deliveries VALUES('025b413f8a9a421ea648a7dd06839eb9','event:6','entry','sent','#support',2,NULL,'high','2026-11-09 08:51:00.000000','2026-11-09 08:51:00.000000',1,'2026-11-09 08:51:00.000000',0,'2026-11-09 08:51:00.000000','1794214260.000000','C0SUPPORT','',0,6);
INSERT INTO deliveries VALUES('0289eb06a2a846b48581f255133bb4c2','event:93','entry','sent','#support',10,NULL,'normal','2026-11-12 09:05:00.000000','2026-11-12 09:05:00.000000',1,'2026-11-12 09:05:09.000000',0,'2026-11-12 09:05:09.000000','1794474309.000000','C0SUPPORT','',0,93);
INSERT INTO deliveries VALUES('02c8261b740c4a6589be4b4bd9ee50e2','alert:9:update:7','update','sent','#support',9,NULL,'normal','2026-11-12 12:05:00.000000','2026-11-12 12:05:00.000000',1,'2026-11-12 12:05:06.333333',0,'2026-11-12 12:05:06.333333','1794395161.333333','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('03621f97bf4c464591be34eb1e39ef8e','event:142','entry','sent','#support',21,NULL,'normal','2026-11-14 09:05:00.000000','2026-11-14 09:05:00.000000',1,'2026-11-14 09:05:01.000000',0,'2026-11-14 09:05:01.000000','1794647101.000000','C0SUPPORT','',0,142);
INSERT INTO deliveries VALUES('03b27030e7f544f38dabb96dd708f3a0','event:208','entry','sent','#support',36,NULL,'normal','2026-11-18 14:00:00.000000','2026-11-18 14:00:00.000000',1,'2026-11-18 14:00:07.000000',0,'2026-11-18 14:00:07.000000','1795010407.000000','C0SUPPORT','',0,208);
INSERT INTO deliveries VALUES('03f207910bd44091942fab55fe909103','event:198','entry','sent','#support',26,NULL,'normal','2026-11-18 14:00:00.000000','2026-11-18 14:00:00.000000',1,'2026-11-18 14:00:02.000000',0,'2026-11-18 14:00:02.000000','1795010402.000000','C0SUPPORT','',0,198);
INSERT INTO deliveries VALUES('05b6e6e307d44edc91431193e6c3f339','alert:2:update:4','update','sent','#support',2,NULL,'high','2026-11-09 08:51:00.000000','2026-11-09 08:51:00.000000',1,'2026-11-09 08:51:02.000000',0,'2026-11-09 08:51:02.000000','1794212400.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('062ebc92cebb498aa76db5ef1baf02cf','alert:21:update:7','update','sent','#support',21,NULL,'normal','2026-11-14 09:05:00.000000','2026-11-14 09:05:00.000000',1,'2026-11-14 09:05:05.000000',0,'2026-11-14 09:05:05.000000','1794564302.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('07dbf924a6044457861e02ec39235bc0','event:50','entry','sent','#support',7,NULL,'normal','2026-11-11 12:10:04.000000','2026-11-11 12:10:04.000000',1,'2026-11-11 12:10:05.000000',0,'2026-11-11 12:10:05.000000','1794399005.000000','C0SUPPORT','',0,50);
INSERT INTO deliveries VALUES('07e30f1105624748943ec25a70536e9b','alert:22:update:3','update','sent','#support',22,NULL,'normal','2026-11-13 11:10:02.000000','2026-11-13 11:10:02.000000',1,'2026-11-13 11:40:05.000000',0,'2026-11-13 11:40:05.000000','1794564303.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('084f3dd6415a4341ae52bdb6d1020a15','event:38','entry','sent','#support',7,NULL,'normal','2026-11-11 10:01:00.000000','2026-11-11 10:01:00.000000',1,'2026-11-11 10:01:09.000000',0,'2026-11-11 10:01:09.000000','1794391269.000000','C0SUPPORT','',0,38);
INSERT INTO deliveries VALUES('0947aa9290df417ba95b3b44bc735ca7','alert:50:card','card','uncertain','#support',50,NULL,'normal','2026-11-20 09:30:00.000000','2026-11-20 09:30:05.000000',1,'2026-11-20 09:30:00.000000',0,NULL,'','','Slack''s answer to chat.postMessage was lost (ConnectionResetError)',0,NULL);
INSERT INTO deliveries VALUES('0994940e82454cc89f7a7dafb43adc4f','alert:8:update:4','update','sent','#support',8,NULL,'normal','2026-11-11 12:40:00.000000','2026-11-11 12:40:00.000000',1,'2026-11-11 12:40:02.000000',0,'2026-11-11 12:40:02.000000','1794391270.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('0b7ef083da274078ad9814d5dac504e5','alert:13:update:10','update','sent','#support',13,NULL,'high','2026-11-19 11:20:00.000000','2026-11-19 11:20:00.000000',1,'2026-11-19 11:20:02.000000',0,'2026-11-19 11:20:02.000000','1794474300.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('0bb662a8c9794b069b943cfc46f57327','alert:10:update:4','update','sent','#support',10,NULL,'normal','2026-11-11 15:20:00.000000','2026-11-11 15:20:00.000000',1,'2026-11-11 15:20:08.000000',0,'2026-11-11 15:20:08.000000','1794395163.333333','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('0c250a03e023433db64e433ff7c882f4','event:52','entry','sent','#support',5,NULL,'normal','2026-11-11 12:10:08.000000','2026-11-11 12:10:08.000000',1,'2026-11-11 12:10:09.000000',0,'2026-11-11 12:10:09.000000','1794399009.000000','C0SUPPORT','',0,52);
INSERT INTO deliveries VALUES('0c6e5973286b4f29899918a76ec15d38','alert:17:card','card','sent','#legal',17,NULL,'urgent','2026-11-12 12:05:00.000000','2026-11-12 12:05:00.000000',1,'2026-11-12 12:05:00.000000',0,'2026-11-12 12:05:00.000000','1794485100.000000','C0LEGAL01','',0,NULL);
INSERT INTO deliveries VALUES('0cbbeab0bc9a4e0c8ec2361582f2e770','alert:34:update:2','update','merged','#support',34,'8e65e4cfd0a440dabf11dc91b6a3ce92','normal','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',0,NULL,0,NULL,'','','',0,NULL);
INSERT INTO deliveries VALUES('0ee3bdcb625d4dd29c14f82708c0e4a2','event:226','entry','sent','#legal',17,NULL,'urgent','2026-11-19 12:05:00.000000','2026-11-19 12:05:00.000000',1,'2026-11-19 12:05:00.000000',0,'2026-11-19 12:05:00.000000','1795089900.000000','C0LEGAL01','',0,226);
INSERT INTO deliveries VALUES('106ee2ab101e45eba607b61550332cb8','event:81','entry','sent','#support',6,NULL,'normal','2026-11-12 09:05:00.000000','2026-11-12 09:05:00.000000',1,'2026-11-12 09:05:04.000000',0,'2026-11-12 09:05:04.000000','1794474304.000000','C0SUPPORT','',0,81);
INSERT INTO deliveries VALUES('10b8fe223c11454988534206fc4a447e','event:63','entry','sent','#support',2,NULL,'high','2026-11-11 13:01:00.000000','2026-11-11 13:01:00.000000',1,'2026-11-11 13:01:00.000000',0,'2026-11-11 13:01:00.000000','1794402060.000000','C0SUPPORT','',0,63);
INSERT INTO deliveries VALUES('11180cd942fe4ca9b44fefe11b604336','event:237','entry','sent','#support',47,NULL,'high','2026-11-20 08:31:00.000000','2026-11-20 08:31:00.000000',1,'2026-11-20 08:31:05.000000',0,'2026-11-20 08:31:05.000000','1795163465.000000','C0SUPPORT','',0,237);
INSERT INTO deliveries VALUES('1126d71a5aec468f91db6acf6c2f5ecc','event:168','entry','sent','#support',29,NULL,'normal','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',1,'2026-11-17 09:10:13.000000',0,'2026-11-17 09:10:13.000000','1794906613.000000','C0SUPPORT','',0,168);
INSERT INTO deliveries VALUES('1157c8b3bfaf4e2fb7adc0aee5dd6001','alert:34:card','card','merged','#support',34,'8e65e4cfd0a440dabf11dc91b6a3ce92','normal','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',0,NULL,0,NULL,'','','',0,NULL);
INSERT INTO deliveries VALUES('117746184e344a77ae7024edb7ee1a9a','alert:26:update:3','update','sent','#support',26,NULL,'normal','2026-11-18 08:00:00.000000','2026-11-18 08:00:00.000000',1,'2026-11-18 08:00:11.333333',0,'2026-11-18 08:00:11.333333','1794906606.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('118cc43e44e14856957d728ce2d28da8','event:171','entry','merged','#support',32,'8e65e4cfd0a440dabf11dc91b6a3ce92','normal','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',0,NULL,0,NULL,'','','',0,171);
INSERT INTO deliveries VALUES('1291f006309d47ed84e32dbdc910c201','alert:37:card','card','sent','#support',37,NULL,'high','2026-11-18 08:00:00.000000','2026-11-18 08:00:00.000000',1,'2026-11-18 08:00:00.333333',0,'2026-11-18 08:00:00.333333','1794988800.333333','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('12cb2f3fc47a4dc9ad9b4f22d8a50636','event:164','entry','sent','#support',25,NULL,'normal','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',1,'2026-11-17 09:10:05.000000',0,'2026-11-17 09:10:05.000000','1794906605.000000','C0SUPPORT','',0,164);
INSERT INTO deliveries VALUES('1391f9b9dbc749b0921b28004e6f5a94','alert:4:update:3','update','sent','#support',4,NULL,'normal','2026-11-11 12:10:10.000000','2026-11-11 12:10:10.000000',1,'2026-11-11 12:10:12.000000',0,'2026-11-11 12:10:12.000000','1794391262.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('139f711060c74494ad192da3c82ad589','alert:12:card','card','sent','#support',12,NULL,'normal','2026-11-11 15:20:00.000000','2026-11-11 15:20:00.000000',1,'2026-11-11 15:20:04.000000',0,'2026-11-11 15:20:04.000000','1794410404.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('156eab79e9b141f4bca5f87b447c999d','event:127','entry','sent','#support',19,NULL,'normal','2026-11-13 10:05:00.000000','2026-11-13 10:05:00.000000',1,'2026-11-13 10:05:04.000000',0,'2026-11-13 10:05:04.000000','1794564304.000000','C0SUPPORT','',0,127);
INSERT INTO deliveries VALUES('15c0cdd59836404cb6fbb6edbc85e5de','event:118','entry','sent','#legal',17,NULL,'urgent','2026-11-13 08:30:02.000000','2026-11-13 08:30:02.000000',1,'2026-11-13 08:30:03.000000',0,'2026-11-13 08:30:03.000000','1794558603.000000','C0LEGAL01','',0,118);
INSERT INTO deliveries VALUES('1622bd795fec498fbcfbb050acab1a6b','alert:3:update:3','update','sent','#support',3,NULL,'urgent','2026-11-10 09:01:01.000000','2026-11-10 09:01:01.000000',1,'2026-11-10 09:01:03.000000',0,'2026-11-10 09:01:03.000000','1794301260.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('16e3e38047e1438b91ea041814d4954e','event:85','entry','sent','#support',11,NULL,'normal','2026-11-12 09:05:00.000000','2026-11-12 09:05:00.000000',1,'2026-11-12 09:05:10.000000',0,'2026-11-12 09:05:10.000000','1794474310.000000','C0SUPPORT','',0,85);
INSERT INTO deliveries VALUES('1724925ffb314da0863043d70a6be26c','alert:21:card','card','sent','#support',21,NULL,'normal','2026-11-13 10:00:00.000000','2026-11-13 10:00:00.000000',1,'2026-11-13 10:05:02.000000',0,'2026-11-13 10:05:02.000000','1794564302.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('17297db8e614478784b15253ab6fe7d5','alert:46:update:6','update','pending','#support',46,NULL,'high','2026-11-20 09:31:00.000000','2026-11-20 09:31:00.000000',0,NULL,0,NULL,'','','',0,NULL);
INSERT INTO deliveries VALUES('1773308cdc6b43abae47dc0e959f3a51','event:37','entry','sent','#support',6,NULL,'normal','2026-11-11 10:01:00.000000','2026-11-11 10:01:00.000000',1,'2026-11-11 10:01:07.000000',0,'2026-11-11 10:01:07.000000','1794391267.000000','C0SUPPORT','',0,37);
INSERT INTO deliveries VALUES('179030da989140528ebcc1ba943863a5','event:89','entry','sent','#support',16,NULL,'info','2026-11-12 09:05:00.000000','2026-11-12 09:05:00.000000',1,'2026-11-12 09:05:15.000000',0,'2026-11-12 09:05:15.000000','1794474315.000000','C0SUPPORT','',0,89);
INSERT INTO deliveries VALUES('18b8a008f9f54771ad75c843406797b6','alert:42:update:4','update','sent','#support',42,NULL,'normal','2026-11-19 11:20:00.000000','2026-11-19 11:20:00.000000',1,'2026-11-19 11:20:03.000000',0,'2026-11-19 11:20:03.000000','1795079102.333333','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('1959b9ef58d04674b34de73d60c290d0','event:57','entry','sent','#support',8,NULL,'normal','2026-11-11 12:40:00.000000','2026-11-11 12:40:00.000000',1,'2026-11-11 12:40:00.000000',0,'2026-11-11 12:40:00.000000','1794400800.000001','C0SUPPORT','',0,57);
INSERT INTO deliveries VALUES('19de2deda0e240458153bbc7ced5669f','alert:22:card','card','sent','#support',22,NULL,'normal','2026-11-13 10:00:00.000000','2026-11-13 10:00:00.000000',1,'2026-11-13 10:05:03.000000',0,'2026-11-13 10:05:03.000000','1794564303.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('1a2b8f1ff1fd42a29755d4c13a902931','event:5','entry','sent','#support',2,NULL,'high','2026-11-09 08:43:00.000000','2026-11-09 08:43:00.000000',1,'2026-11-09 08:43:00.000000',0,'2026-11-09 08:43:00.000000','1794213780.000000','C0SUPPORT','',0,5);
INSERT INTO deliveries VALUES('1ba1621582284d15a9ec0806705fca16','event:19','entry','sent','#support',3,NULL,'urgent','2026-11-10 09:01:01.000000','2026-11-10 09:01:01.000000',1,'2026-11-10 09:01:02.000000',0,'2026-11-10 09:01:02.000000','1794301262.000000','C0SUPPORT','',0,19);
INSERT INTO deliveries VALUES('1d296588571c4eee96befa395e3c536c','alert:8:update:6','update','sent','#support',8,NULL,'normal','2026-11-11 14:01:00.000000','2026-11-11 14:01:00.000000',1,'2026-11-11 14:01:02.000000',0,'2026-11-11 14:01:02.000000','1794391270.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('1d3b993f79494eabbf1a355e526eb523','event:44:call','call','sent','#support-leads',2,NULL,'high','2026-11-11 11:06:00.000000','2026-11-11 11:06:00.000000',1,'2026-11-11 11:06:00.000000',0,'2026-11-11 11:06:00.000000','1794395160.000000','C0LEADS01','',0,44);
INSERT INTO deliveries VALUES('1f2e490cdb0f4126ab82ed5c7da5ad52','alert:14:update:6','update','sent','#support',14,NULL,'normal','2026-11-14 09:05:00.000000','2026-11-14 09:05:00.000000',1,'2026-11-14 09:05:04.000000',0,'2026-11-14 09:05:04.000000','1794474312.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('1fb7f62800374c0d92dd34d68744d3c0','event:146','entry','sent','#praise',15,NULL,'praise','2026-11-14 09:05:06.000000','2026-11-14 09:05:06.000000',1,'2026-11-14 09:05:08.333333',0,'2026-11-14 09:05:08.333333','1794647108.333333','C0PRAISE1','',0,146);
INSERT INTO deliveries VALUES('20012170d41847afa5b7501ac9c1ffef','alert:5:update:6','update','sent','#support',5,NULL,'normal','2026-11-11 15:10:00.000000','2026-11-11 15:10:00.000000',1,'2026-11-11 15:10:02.000000',0,'2026-11-11 15:10:02.000000','1794391264.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('202cc8284c714095bcc99ae80f0c8a89','alert:5:update:3','update','sent','#support',5,NULL,'normal','2026-11-11 12:10:08.000000','2026-11-11 12:10:08.000000',1,'2026-11-11 12:10:10.000000',0,'2026-11-11 12:10:10.000000','1794391264.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('20552f5f4b2240a49a15a311eb5af9f9','event:99','entry','sent','#support',6,NULL,'normal','2026-11-12 10:10:00.000000','2026-11-12 10:10:00.000000',1,'2026-11-12 10:10:04.000000',0,'2026-11-12 10:10:04.000000','1794478204.000000','C0SUPPORT','',0,99);
INSERT INTO deliveries VALUES('2226ff4390124ea1b89c1ccfafef1ac1','alert:41:update:4','update','sent','#support',41,NULL,'normal','2026-11-20 08:31:00.000000','2026-11-20 08:31:00.000000',1,'2026-11-20 08:31:10.000000',0,'2026-11-20 08:31:10.000000','1795079100.333333','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('2298bdb1c85f4d46903715c8fcaf4a5a','alert:7:update:4','update','sent','#support',7,NULL,'normal','2026-11-11 12:41:03.000000','2026-11-11 12:41:03.000000',1,'2026-11-11 12:41:05.000000',0,'2026-11-11 12:41:05.000000','1794391268.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('243bd888fc2242d2a649c1b0c6b5a1c6','alert:6:update:8','update','sent','#support',6,NULL,'normal','2026-11-12 10:10:00.000000','2026-11-12 10:10:00.000000',1,'2026-11-12 10:10:07.000000',0,'2026-11-12 10:10:07.000000','1794391266.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('25ef2114ba6e436caed4b1f0e9c3deee','alert:18:update:7','update','sent','#legal',18,NULL,'urgent','2026-11-18 08:00:00.000000','2026-11-18 08:00:00.000000',1,'2026-11-18 08:00:03.000000',0,'2026-11-18 08:00:03.000000','1794485102.000000','C0LEGAL01','',0,NULL);
INSERT INTO deliveries VALUES('282ee0bc04a14de48806aa81e65150b5','alert:6:update:5','update','sent','#support',6,NULL,'normal','2026-11-11 12:41:00.000000','2026-11-11 12:41:00.000000',1,'2026-11-11 12:41:02.000000',0,'2026-11-11 12:41:02.000000','1794391266.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('29606598f23542b7b5d28dee81d57930','event:169','entry','merged','#support',30,'8e65e4cfd0a440dabf11dc91b6a3ce92','normal','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',0,NULL,0,NULL,'','','',0,169);
INSERT INTO deliveries VALUES('297a21d76bc74bf596380ed6fcf7f49d','event:73','entry','sent','#support',12,NULL,'normal','2026-11-11 15:20:00.000000','2026-11-11 15:20:00.000000',1,'2026-11-11 15:20:05.000000',0,'2026-11-11 15:20:05.000000','1794410405.000000','C0SUPPORT','',0,73);
INSERT INTO deliveries VALUES('2a04ff67050d458cb14699bda826e5f1','alert:30:update:2','update','merged','#support',30,'8e65e4cfd0a440dabf11dc91b6a3ce92','normal','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',0,NULL,0,NULL,'','','',0,NULL);
INSERT INTO deliveries VALUES('2be893f456b3457496172adf654d479a','event:106','entry','sent','#support',9,NULL,'normal','2026-11-12 12:05:00.000000','2026-11-12 12:05:00.000000',1,'2026-11-12 12:05:02.333333',0,'2026-11-12 12:05:02.333333','1794485102.333333','C0SUPPORT','',0,106);
INSERT INTO deliveries VALUES('2c354a1bb150478d9cfd717d1e39a54c','event:191','entry','sent','#support',32,NULL,'normal','2026-11-18 08:00:00.000000','2026-11-18 08:00:00.000000',1,'2026-11-18 08:00:07.333333',0,'2026-11-18 08:00:07.333333','1794988807.333333','C0SUPPORT','',0,191);
INSERT INTO deliveries VALUES('2c400b9534e44e7582a95d35d5d8575d','event:136','entry','sent','#support',21,NULL,'normal','2026-11-13 11:40:00.000000','2026-11-13 11:40:00.000000',1,'2026-11-13 11:40:07.000000',0,'2026-11-13 11:40:07.000000','1794570007.000000','C0SUPPORT','',0,136);
INSERT INTO deliveries VALUES('2d75c25d01ea4639bc6a47a73bc8996b','event:110','entry','sent','#legal',18,NULL,'urgent','2026-11-12 12:05:00.000000','2026-11-12 12:05:00.000000',1,'2026-11-12 12:05:03.000000',0,'2026-11-12 12:05:03.000000','1794485103.000000','C0LEGAL01','',0,110);
INSERT INTO deliveries VALUES('2df810b92c594859aa4da822f3009a5c','event:96','entry','sent','#support',4,NULL,'normal','2026-11-12 10:10:00.000000','2026-11-12 10:10:00.000000',1,'2026-11-12 10:10:02.000000',0,'2026-11-12 10:10:02.000000','1794478202.000000','C0SUPPORT','',0,96);
INSERT INTO deliveries VALUES('2fd2f79253c647eb8a8266954e896a65','event:87','entry','sent','#support',14,NULL,'normal','2026-11-12 09:05:00.000000','2026-11-12 09:05:00.000000',1,'2026-11-12 09:05:13.000000',0,'2026-11-12 09:05:13.000000','1794474313.000000','C0SUPPORT','',0,87);
INSERT INTO deliveries VALUES('3099fdf5ab99454aa901e35cd47d380d','alert:2:update:12','update','sent','#support',2,NULL,'high','2026-11-09 14:00:00.000000','2026-11-09 14:00:00.000000',1,'2026-11-09 14:00:02.000000',0,'2026-11-09 14:00:02.000000','1794212400.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('312218d0d87a4bff912ff4bfafd03fb9','alert:41:card','card','sent','#support',41,NULL,'normal','2026-11-19 09:05:00.000000','2026-11-19 09:05:00.000000',1,'2026-11-19 09:05:00.333333',0,'2026-11-19 09:05:00.333333','1795079100.333333','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('322578ebeb394d068986f3a6948b82b1','alert:28:update:4','update','sent','#support',28,NULL,'normal','2026-11-18 14:00:00.000000','2026-11-18 14:00:00.000000',1,'2026-11-18 14:00:12.000000',0,'2026-11-18 14:00:12.000000','1794906610.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('3286423887ec4e86ab3920349eba8775','alert:29:card','card','sent','#support',29,NULL,'normal','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',1,'2026-11-17 09:10:12.000000',0,'2026-11-17 09:10:12.000000','1794906612.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('32e9c06982ce49deba7725a3d454f36d','alert:24:card','card','sent','#support',24,NULL,'normal','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',1,'2026-11-17 09:10:02.000000',0,'2026-11-17 09:10:02.000000','1794906602.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('33138131c541413d8326324dfb695ffb','alert:3:update:9','update','sent','#support',3,NULL,'urgent','2026-11-10 09:28:02.000000','2026-11-10 09:28:02.000000',1,'2026-11-10 10:00:00.000000',0,'2026-11-10 10:00:00.000000','1794301260.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('334c76b8e42b4627b84da68248a3ff76','event:241','entry','sent','#support',46,NULL,'high','2026-11-20 08:54:00.000000','2026-11-20 08:54:00.000000',1,'2026-11-20 08:54:00.000000',0,'2026-11-20 08:54:00.000000','1795164840.000000','C0SUPPORT','',0,241);
INSERT INTO deliveries VALUES('335082dc8ad641c4a5fe3a1848e772ba','alert:22:update:4','update','sent','#support',22,NULL,'normal','2026-11-13 11:40:07.000000','2026-11-13 11:40:07.000000',1,'2026-11-13 11:45:00.000000',0,'2026-11-13 11:45:00.000000','1794564303.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('340e8462eb2c49d48f078f6c26a89353','event:220','entry','sent','#support',42,NULL,'normal','2026-11-19 11:20:00.000000','2026-11-19 11:20:00.000000',1,'2026-11-19 11:20:01.000000',0,'2026-11-19 11:20:01.000000','1795087201.000000','C0SUPPORT','',0,220);
INSERT INTO deliveries VALUES('3495d62a8ea34f2e80b380113ed1e0eb','alert:43:update:4','update','sent','#support',43,NULL,'normal','2026-11-19 12:05:03.000000','2026-11-19 12:05:03.000000',1,'2026-11-19 12:05:05.000000',0,'2026-11-19 12:05:05.000000','1795089900.333333','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('34c8d03ab7d9465c9da77d913d90fd27','event:184','entry','sent','#support',25,NULL,'normal','2026-11-18 08:00:00.000000','2026-11-18 08:00:00.000000',1,'2026-11-18 08:00:02.333333',0,'2026-11-18 08:00:02.333333','1794988802.333333','C0SUPPORT','',0,184);
INSERT INTO deliveries VALUES('3534ccae8aa64235aee7af97425375be','event:84','entry','sent','#support',10,NULL,'normal','2026-11-12 09:05:00.000000','2026-11-12 09:05:00.000000',1,'2026-11-12 09:05:08.000000',0,'2026-11-12 09:05:08.000000','1794474308.000000','C0SUPPORT','',0,84);
INSERT INTO deliveries VALUES('35bf992dc9e94616a12e7696a6cecc1b','alert:1:update:2','update','sent','#praise',1,NULL,'praise','2026-11-09 08:20:00.000000','2026-11-09 08:20:00.000000',1,'2026-11-09 08:20:02.000000',0,'2026-11-09 08:20:02.000000','1794211200.000000','C0PRAISE1','',0,NULL);
INSERT INTO deliveries VALUES('36beb903e8d444ee9c66eed297f7634b','alert:26:update:4','update','sent','#support',26,NULL,'normal','2026-11-18 14:00:00.000000','2026-11-18 14:00:00.000000',1,'2026-11-18 14:00:10.000000',0,'2026-11-18 14:00:10.000000','1794906606.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('382f21e4a57b4700b8ec2d3446752b5c','alert:17:update:3','update','sent','#legal',17,NULL,'urgent','2026-11-12 15:06:00.000000','2026-11-12 15:06:00.000000',1,'2026-11-12 15:06:02.000000',0,'2026-11-12 15:06:02.000000','1794485100.000000','C0LEGAL01','',0,NULL);
INSERT INTO deliveries VALUES('39c97ab1bb3e480fa39cc4b2afbf5310','event:112','entry','sent','#legal',18,NULL,'urgent','2026-11-12 12:05:08.333333','2026-11-12 12:05:08.333333',1,'2026-11-12 12:05:08.666666',0,'2026-11-12 12:05:08.666666','1794485108.666666','C0LEGAL01','',0,112);
INSERT INTO deliveries VALUES('3a1890c7809244d4ab28fef02b9c014e','event:24','entry','sent','#support',3,NULL,'urgent','2026-11-10 09:28:00.000000','2026-11-10 09:28:00.000000',1,'2026-11-10 09:28:00.000000',0,'2026-11-10 09:28:00.000000','1794302880.000000','C0SUPPORT','',0,24);
INSERT INTO deliveries VALUES('3bb42d9d66534dafb8d9431f18610c9f','alert:36:update:3','update','sent','#support',36,NULL,'normal','2026-11-18 08:00:00.000000','2026-11-18 08:00:00.000000',1,'2026-11-18 08:00:16.333333',0,'2026-11-18 08:00:16.333333','1794915061.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('3c593e7f3b514375b9333f742b2935f2','alert:24:update:4','update','sent','#support',24,NULL,'normal','2026-11-18 14:00:00.000000','2026-11-18 14:00:00.000000',1,'2026-11-18 14:00:08.000000',0,'2026-11-18 14:00:08.000000','1794906602.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('3cbb5615352c4f80873116f03579c67e','alert:32:update:2','update','merged','#support',32,'8e65e4cfd0a440dabf11dc91b6a3ce92','normal','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',0,NULL,0,NULL,'','','',0,NULL);
INSERT INTO deliveries VALUES('3db18a28ec9f4fbf99d9320e71ef5e7a','event:129','entry','sent','#support',21,NULL,'normal','2026-11-13 10:05:00.000000','2026-11-13 10:05:00.000000',1,'2026-11-13 10:05:06.000000',0,'2026-11-13 10:05:06.000000','1794564306.000000','C0SUPPORT','',0,129);
INSERT INTO deliveries VALUES('3e0363339b0a4817b91c85fda0a59518','event:135','entry','sent','#support',22,NULL,'normal','2026-11-13 11:10:02.000000','2026-11-13 11:10:02.000000',1,'2026-11-13 11:40:06.000000',0,'2026-11-13 11:40:06.000000','1794570006.000000','C0SUPPORT','',0,135);
INSERT INTO deliveries VALUES('3eefe7344d844990abddb098e4bc6e82','event:88','entry','sent','#praise',15,NULL,'praise','2026-11-12 09:05:00.000000','2026-11-12 09:05:00.000000',1,'2026-11-12 09:05:01.333333',0,'2026-11-12 09:05:01.333333','1794474301.333333','C0PRAISE1','',0,88);
INSERT INTO deliveries VALUES('3f4ed95aaaf34c2f9cb284f8b6febc3a','alert:18:card','card','sent','#legal',18,NULL,'urgent','2026-11-12 12:05:00.000000','2026-11-12 12:05:00.000000',1,'2026-11-12 12:05:02.000000',0,'2026-11-12 12:05:02.000000','1794485102.000000','C0LEGAL01','',0,NULL);
INSERT INTO deliveries VALUES('3f64c50cbeea4c97bcd58c0f7e21b8aa','alert:23:update:3','update','sent','#support',23,NULL,'normal','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',1,'2026-11-17 09:10:14.000000',0,'2026-11-17 09:10:14.000000','1794819600.000003','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('3f98e0eec2f7423faee133ea6e883110','event:179','entry','sent','#support',36,NULL,'normal','2026-11-17 11:31:00.000000','2026-11-17 11:31:00.000000',1,'2026-11-17 11:31:02.000000',0,'2026-11-17 11:31:02.000000','1794915062.000000','C0SUPPORT','',0,179);
INSERT INTO deliveries VALUES('40008e2617224bbe851e07ea8646422c','alert:44:card','card','sent','#praise',44,NULL,'praise','2026-11-19 12:00:00.000000','2026-11-19 12:00:00.000000',1,'2026-11-19 12:05:00.666666',0,'2026-11-19 12:05:00.666666','1795089900.666666','C0PRAISE1','',0,NULL);
INSERT INTO deliveries VALUES('40041e001c824d9eb4b31bfbf8449560','event:82','entry','sent','#support',4,NULL,'normal','2026-11-12 09:05:00.000000','2026-11-12 09:05:00.000000',1,'2026-11-12 09:05:02.000000',0,'2026-11-12 09:05:02.000000','1794474302.000000','C0SUPPORT','',0,82);
INSERT INTO deliveries VALUES('400839a925fa47dd877148a52af4c782','event:234','entry','sent','#support',2,NULL,'high','2026-11-20 08:31:00.000000','2026-11-20 08:31:00.000000',1,'2026-11-20 08:31:01.000000',0,'2026-11-20 08:31:01.000000','1795163461.000000','C0SUPPORT','',0,234);
INSERT INTO deliveries VALUES('40b3d0c629b84bafb97c4298fa01208b','alert:11:update:8','update','sent','#support',11,NULL,'normal','2026-11-20 09:28:02.000000','2026-11-20 09:28:02.000000',1,'2026-11-20 09:28:04.000000',0,'2026-11-20 09:28:04.000000','1794395165.333333','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('4111329a61264fdd909311ed0e9f654f','event:204','entry','sent','#support',32,NULL,'normal','2026-11-18 14:00:00.000000','2026-11-18 14:00:00.000000',1,'2026-11-18 14:00:06.000000',0,'2026-11-18 14:00:06.000000','1795010406.000000','C0SUPPORT','',0,204);
INSERT INTO deliveries VALUES('4155d7ef28dd47ebaadf559a11cbc288','alert:11:card','card','sent','#support',11,NULL,'normal','2026-11-11 11:06:00.000000','2026-11-11 11:06:00.000000',1,'2026-11-11 11:06:05.333333',0,'2026-11-11 11:06:05.333333','1794395165.333333','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('4227de213023480c8bd3f5e06bc15385','event:45','entry','sent','#support',9,NULL,'normal','2026-11-11 11:06:00.000000','2026-11-11 11:06:00.000000',1,'2026-11-11 11:06:02.333333',0,'2026-11-11 11:06:02.333333','1794395162.333333','C0SUPPORT','',0,45);
INSERT INTO deliveries VALUES('427005f6ca2e4611bbcec85d2c1ffacc','event:175','entry','pending','#support',35,NULL,'normal','2026-11-17 10:21:00.000000','2026-11-17 10:21:00.000000',0,NULL,0,NULL,'','','',0,175);
INSERT INTO deliveries VALUES('443baac536894eebade2b33b56cef8ec','event:61','entry','sent','#support',7,NULL,'normal','2026-11-11 12:41:03.000000','2026-11-11 12:41:03.000000',1,'2026-11-11 12:41:04.000000',0,'2026-11-11 12:41:04.000000','1794400864.000000','C0SUPPORT','',0,61);
INSERT INTO deliveries VALUES('446056bfb6aa4ae591f10c60a9921b68','alert:42:update:3','update','sent','#support',42,NULL,'normal','2026-11-19 10:10:02.000000','2026-11-19 10:10:02.000000',1,'2026-11-19 10:10:04.000000',0,'2026-11-19 10:10:04.000000','1795079102.333333','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('449c4ca23685456b89c80c4de9367ed9','alert:5:update:5','update','sent','#support',5,NULL,'normal','2026-11-11 13:05:00.000000','2026-11-11 13:05:00.000000',1,'2026-11-11 13:05:02.000000',0,'2026-11-11 13:05:02.000000','1794391264.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('449fd49b12844ea1a6daa3653e67026c','event:91','entry','sent','#support',6,NULL,'normal','2026-11-12 09:05:00.000000','2026-11-12 09:05:00.000000',1,'2026-11-12 09:05:05.000000',0,'2026-11-12 09:05:05.000000','1794474305.000000','C0SUPPORT','',0,91);
INSERT INTO deliveries VALUES('45547d9d0b9e4d4d82a4c12e779409b9','event:167','entry','sent','#support',28,NULL,'normal','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',1,'2026-11-17 09:10:11.000000',0,'2026-11-17 09:10:11.000000','1794906611.000000','C0SUPPORT','',0,167);
INSERT INTO deliveries VALUES('459f039076e049f984d5017262279051','event:257:call','call','pending','#support-leads',46,NULL,'high','2026-11-20 09:31:00.000000','2026-11-20 09:31:00.000000',0,NULL,0,NULL,'','','',0,257);
INSERT INTO deliveries VALUES('464a8296d67e4ecfa9b576d757aa5ae1','alert:32:update:4','update','sent','#support',32,NULL,'normal','2026-11-18 08:00:00.000000','2026-11-18 08:00:00.000000',1,'2026-11-18 08:00:15.333333',0,'2026-11-18 08:00:15.333333','1794910861.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('47158a7e4ba44898a9172a051e3b25e5','event:133','entry','sent','#support',20,NULL,'normal','2026-11-13 11:10:02.000000','2026-11-13 11:10:02.000000',1,'2026-11-13 11:40:02.000000',0,'2026-11-13 11:40:02.000000','1794570002.000000','C0SUPPORT','',0,133);
INSERT INTO deliveries VALUES('477e4a80be9f4a63a15c1c0ba3340d96','alert:40:card','card','sent','#legal',40,NULL,'urgent','2026-11-19 09:05:00.000000','2026-11-19 09:05:00.000000',1,'2026-11-19 09:05:00.000000',0,'2026-11-19 09:05:00.000000','1795079100.000000','C0LEGAL01','',0,NULL);
INSERT INTO deliveries VALUES('47fc816ac16e4284810faa4003ba33db','event:40','entry','sent','#support',2,NULL,'high','2026-11-11 10:01:00.000000','2026-11-11 10:01:00.000000',1,'2026-11-11 10:01:01.000000',0,'2026-11-11 10:01:01.000000','1794391261.000000','C0SUPPORT','',0,40);
INSERT INTO deliveries VALUES('4813fcaa66f242edabbe026b5e4d0c25','alert:51:card','card','attempting','#support',51,NULL,'normal','2026-11-20 09:31:00.000000','2026-11-20 09:31:00.000000',1,'2026-11-20 09:31:00.000000',0,NULL,'','','',0,NULL);
INSERT INTO deliveries VALUES('48525e8a8d2747d7be692199926c8264','alert:46:update:5','update','sent','#support',46,NULL,'high','2026-11-20 09:20:00.000000','2026-11-20 09:20:00.000000',1,'2026-11-20 09:20:03.000000',0,'2026-11-20 09:20:03.000000','1795163462.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('4a5012dc582c48c9af429ce59ff3078f','alert:10:card','card','sent','#support',10,NULL,'normal','2026-11-11 11:06:00.000000','2026-11-11 11:06:00.000000',1,'2026-11-11 11:06:03.333333',0,'2026-11-11 11:06:03.333333','1794395163.333333','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('4a77814ea6144e5bb78d9952a3ee54d4','event:162','entry','sent','#support',23,NULL,'normal','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',1,'2026-11-17 09:10:01.000000',0,'2026-11-17 09:10:01.000000','1794906601.000000','C0SUPPORT','',0,162);
INSERT INTO deliveries VALUES('4be03db0dc2544bdb94067edfe175330','event:11','entry','sent','#support',2,NULL,'high','2026-11-09 13:32:00.000000','2026-11-09 13:32:00.000000',1,'2026-11-09 13:32:00.000000',0,'2026-11-09 13:32:00.000000','1794231120.000000','C0SUPPORT','',0,11);
INSERT INTO deliveries VALUES('4c41d9c0f07544feaacc110e4f73fd94','event:53','entry','sent','#support',4,NULL,'normal','2026-11-11 12:10:10.000000','2026-11-11 12:10:10.000000',1,'2026-11-11 12:10:11.000000',0,'2026-11-11 12:10:11.000000','1794399011.000000','C0SUPPORT','',0,53);
INSERT INTO deliveries VALUES('4c78c7ab4fd24206b42f22bae20cea4a','alert:18:update:6','update','sent','#legal',18,NULL,'urgent','2026-11-13 08:30:00.000000','2026-11-13 08:30:00.000000',1,'2026-11-13 08:30:02.000000',0,'2026-11-13 08:30:02.000000','1794485102.000000','C0LEGAL01','',0,NULL);
INSERT INTO deliveries VALUES('4c8670622d9b4ebfb497553cb0894f5a','event:102','entry','sent','#support',16,NULL,'info','2026-11-12 10:10:11.000000','2026-11-12 10:10:11.000000',1,'2026-11-12 10:10:12.000000',0,'2026-11-12 10:10:12.000000','1794478212.000000','C0SUPPORT','',0,102);
INSERT INTO deliveries VALUES('4d455c7115f6463e934e570fcce695f7','alert:17:update:8','update','sent','#legal',17,NULL,'urgent','2026-11-19 12:05:00.000000','2026-11-19 12:05:00.000000',1,'2026-11-19 12:05:02.000000',0,'2026-11-19 12:05:02.000000','1794485100.000000','C0LEGAL01','',0,NULL);
INSERT INTO deliveries VALUES('4ded5faa9ae041b9869a8a20b05c4a59','event:170','entry','merged','#support',31,'8e65e4cfd0a440dabf11dc91b6a3ce92','normal','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',0,NULL,0,NULL,'','','',0,170);
INSERT INTO deliveries VALUES('4e3d4d0f51dd4d5c9d946658d2511c38','event:97','entry','sent','#support',6,NULL,'normal','2026-11-12 10:10:00.000000','2026-11-12 10:10:00.000000',1,'2026-11-12 10:10:03.000000',0,'2026-11-12 10:10:03.000000','1794478203.000000','C0SUPPORT','',0,97);
INSERT INTO deliveries VALUES('4efbc8d60b214bacb8255d6807923986','alert:3:update:5','update','sent','#support',3,NULL,'urgent','2026-11-10 09:21:00.000000','2026-11-10 09:21:00.000000',1,'2026-11-10 09:21:02.000000',0,'2026-11-10 09:21:02.000000','1794301260.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('500c48e1fc144a78996a8d845ec8e9d7','alert:41:update:3','update','sent','#support',41,NULL,'normal','2026-11-19 11:20:03.000000','2026-11-19 11:20:03.000000',1,'2026-11-19 11:20:05.333333',0,'2026-11-19 11:20:05.333333','1795079100.333333','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('50806f017a1d456cb62c228e40df7c9a','alert:13:card','card','sent','#support',13,NULL,'high','2026-11-12 09:05:00.000000','2026-11-12 09:05:00.000000',1,'2026-11-12 09:05:00.000000',0,'2026-11-12 09:05:00.000000','1794474300.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('50c80450bf324ef2be725a5ee31ef8fb','alert:41:update:5','update','sent','#support',41,NULL,'normal','2026-11-20 09:20:00.000000','2026-11-20 09:20:00.000000',1,'2026-11-20 09:20:05.000000',0,'2026-11-20 09:20:05.000000','1795079100.333333','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('51423286a6ec431fb5263b4519a2105c','alert:14:card','card','sent','#support',14,NULL,'normal','2026-11-12 09:05:00.000000','2026-11-12 09:05:00.000000',1,'2026-11-12 09:05:12.000000',0,'2026-11-12 09:05:12.000000','1794474312.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('521b18a91ab1442f852f4fbe8d19821f','event:66','entry','sent','#support',8,NULL,'normal','2026-11-11 15:10:00.000000','2026-11-11 15:10:00.000000',1,'2026-11-11 15:10:01.000000',0,'2026-11-11 15:10:01.000000','1794409801.000000','C0SUPPORT','',0,66);
INSERT INTO deliveries VALUES('524550a465a24e8aba4548f21b3c137b','event:185','entry','sent','#support',26,NULL,'normal','2026-11-18 08:00:00.000000','2026-11-18 08:00:00.000000',1,'2026-11-18 08:00:03.333333',0,'2026-11-18 08:00:03.333333','1794988803.333333','C0SUPPORT','',0,185);
INSERT INTO deliveries VALUES('546e197b63c3417cb2904d18a9bb6dcb','alert:42:card','card','sent','#support',42,NULL,'normal','2026-11-19 09:05:00.000000','2026-11-19 09:05:00.000000',1,'2026-11-19 09:05:02.333333',0,'2026-11-19 09:05:02.333333','1795079102.333333','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('56c11669a4ba416193090287a6ea2981','event:86','entry','sent','#support',13,NULL,'high','2026-11-12 09:05:00.000000','2026-11-12 09:05:00.000000',1,'2026-11-12 09:05:01.000000',0,'2026-11-12 09:05:01.000000','1794474301.000000','C0SUPPORT','',0,86);
INSERT INTO deliveries VALUES('56e0a246663f423b8a0f42834e0751d7','alert:21:update:8','update','sent','#support',21,NULL,'normal','2026-11-16 09:02:00.000000','2026-11-16 09:02:00.000000',1,'2026-11-16 09:02:03.000000',0,'2026-11-16 09:02:03.000000','1794564302.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('5804f92283864a29a78a5aa33b6fe507','event:26','entry','sent','#support',3,NULL,'urgent','2026-11-10 10:00:00.000000','2026-11-10 10:00:00.000000',1,'2026-11-10 10:00:02.000000',0,'2026-11-10 10:00:02.000000','1794304802.000000','C0SUPPORT','',0,26);
INSERT INTO deliveries VALUES('59a78b1373154969b7ccba58713b831b','alert:23:card','card','sent','#support',23,NULL,'normal','2026-11-16 09:00:00.000000','2026-11-16 09:00:00.000000',1,'2026-11-16 09:00:00.000000',0,'2026-11-16 09:00:00.000000','1794819600.000003','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('5b177a38a96d4b2cb80b25d9b02d3504','alert:10:update:5','update','sent','#support',10,NULL,'normal','2026-11-12 09:05:00.000000','2026-11-12 09:05:00.000000',1,'2026-11-12 09:05:19.000000',0,'2026-11-12 09:05:19.000000','1794395163.333333','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('5b616e428b9d43d4ab00b570f93ee7cc','event:140','entry','sent','#support',21,NULL,'normal','2026-11-13 11:45:01.000000','2026-11-13 11:45:01.000000',1,'2026-11-13 11:45:03.000000',0,'2026-11-13 11:45:03.000000','1794570303.000000','C0SUPPORT','',0,140);
INSERT INTO deliveries VALUES('5bf3f74dcacc4ec8802fc22a4a7347fa','event:94','entry','sent','#support',11,NULL,'normal','2026-11-12 09:05:00.000000','2026-11-12 09:05:00.000000',1,'2026-11-12 09:05:11.000000',0,'2026-11-12 09:05:11.000000','1794474311.000000','C0SUPPORT','',0,94);
INSERT INTO deliveries VALUES('5c47577b3f12468eb2ffd03d4eac98d6','alert:11:update:5','update','sent','#support',11,NULL,'normal','2026-11-12 09:05:00.000000','2026-11-12 09:05:00.000000',1,'2026-11-12 09:05:20.000000',0,'2026-11-12 09:05:20.000000','1794395165.333333','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('5d698c8b44484030b3c668b114ed2049','event:69','entry','sent','#support',4,NULL,'normal','2026-11-11 15:20:00.000000','2026-11-11 15:20:00.000000',1,'2026-11-11 15:20:00.000000',0,'2026-11-11 15:20:00.000000','1794410400.000000','C0SUPPORT','',0,69);
INSERT INTO deliveries VALUES('5e6279dbe09e4d5aa5319f4782fe3a4a','alert:13:update:7','update','sent','#support',13,NULL,'high','2026-11-12 15:06:00.000000','2026-11-12 15:06:00.000000',1,'2026-11-12 15:06:02.333333',0,'2026-11-12 15:06:02.333333','1794474300.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('5ec127b3a4bc49778c025364f13b7619','alert:47:card','card','sent','#support',47,NULL,'high','2026-11-20 08:31:00.000000','2026-11-20 08:31:00.000000',1,'2026-11-20 08:31:04.000000',0,'2026-11-20 08:31:04.000000','1795163464.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('5fac971a80184844933f3b0a22f7d343','alert:15:update:3','update','sent','#praise',15,NULL,'praise','2026-11-14 09:05:06.000000','2026-11-14 09:05:06.000000',1,'2026-11-14 09:05:09.333333',0,'2026-11-14 09:05:09.333333','1794474300.333333','C0PRAISE1','',0,NULL);
INSERT INTO deliveries VALUES('60900772923c4e5d83924f05f5c7b9aa','event:120','entry','sent','#legal',17,NULL,'urgent','2026-11-13 08:30:02.000000','2026-11-13 08:30:02.000000',1,'2026-11-13 08:30:05.000000',0,'2026-11-13 08:30:05.000000','1794558605.000000','C0LEGAL01','',0,120);
INSERT INTO deliveries VALUES('611575c2d67343d698ae013eaca91679','alert:5:update:4','update','sent','#support',5,NULL,'normal','2026-11-11 13:00:00.000000','2026-11-11 13:00:00.000000',1,'2026-11-11 13:00:02.000000',0,'2026-11-11 13:00:02.000000','1794391264.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('6153af71cb6945c182a305d521480046','event:227','entry','sent','#legal',18,NULL,'urgent','2026-11-19 12:05:00.000000','2026-11-19 12:05:00.000000',1,'2026-11-19 12:05:01.000000',0,'2026-11-19 12:05:01.000000','1795089901.000000','C0LEGAL01','',0,227);
INSERT INTO deliveries VALUES('62397bc701764741bab9f87ff5059285','alert:4:card','card','sent','#support',4,NULL,'normal','2026-11-11 10:01:00.000000','2026-11-11 10:01:00.000000',1,'2026-11-11 10:01:02.000000',0,'2026-11-11 10:01:02.000000','1794391262.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('63243e5303e247c487cc0424e9e6ed7c','event:201','entry','sent','#support',29,NULL,'normal','2026-11-18 14:00:00.000000','2026-11-18 14:00:00.000000',1,'2026-11-18 14:00:05.000000',0,'2026-11-18 14:00:05.000000','1795010405.000000','C0SUPPORT','',0,201);
INSERT INTO deliveries VALUES('642a357c732942f491fbfcc798b8da9f','alert:6:update:6','update','sent','#support',6,NULL,'normal','2026-11-12 09:05:00.000000','2026-11-12 09:05:00.000000',1,'2026-11-12 09:05:17.000000',0,'2026-11-12 09:05:17.000000','1794391266.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('65b184f76ed3430ba746ebebcd7e80a2','event:130','entry','sent','#support',22,NULL,'normal','2026-11-13 10:05:00.000000','2026-11-13 10:05:00.000000',1,'2026-11-13 10:05:07.000000',0,'2026-11-13 10:05:07.000000','1794564307.000000','C0SUPPORT','',0,130);
INSERT INTO deliveries VALUES('65b675cd049244f5b9b21c95055455e8','event:47','entry','sent','#support',11,NULL,'normal','2026-11-11 11:06:00.000000','2026-11-11 11:06:00.000000',1,'2026-11-11 11:06:06.333333',0,'2026-11-11 11:06:06.333333','1794395166.333333','C0SUPPORT','',0,47);
INSERT INTO deliveries VALUES('6697f21ec05a42a38f4c8db65c706106','alert:25:update:3','update','sent','#support',25,NULL,'normal','2026-11-18 08:00:00.000000','2026-11-18 08:00:00.000000',1,'2026-11-18 08:00:10.333333',0,'2026-11-18 08:00:10.333333','1794906604.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('68457e4141ad4e67b9eef8dbff876918','event:244','entry','sent','#support',49,NULL,'normal','2026-11-20 08:54:07.000000','2026-11-20 08:54:07.000000',1,'2026-11-20 08:54:09.000000',0,'2026-11-20 08:54:09.000000','1795164849.000000','C0SUPPORT','',0,244);
INSERT INTO deliveries VALUES('69d495dd81354c53b0e642f43328ad08','event:34','entry','sent','#support',2,NULL,'high','2026-11-11 10:01:00.000000','2026-11-11 10:01:00.000000',1,'2026-11-11 10:01:00.000000',0,'2026-11-11 10:01:00.000000','1794391260.000000','C0SUPPORT','',0,34);
INSERT INTO deliveries VALUES('69dd649317784b9583b96d91aba018ea','alert:9:update:4','update','sent','#support',9,NULL,'normal','2026-11-11 15:20:00.000000','2026-11-11 15:20:00.000000',1,'2026-11-11 15:20:07.000000',0,'2026-11-11 15:20:07.000000','1794395161.333333','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('6a8ac4ba05804975ad2f89d94a2f20aa','event:9','entry','sent','#support',2,NULL,'high','2026-11-09 10:30:00.000000','2026-11-09 10:30:00.000000',1,'2026-11-09 10:30:00.000000',0,'2026-11-09 10:30:00.000000','1794220200.000001','C0SUPPORT','',0,9);
INSERT INTO deliveries VALUES('6c96edfafe99458f827586daa2fc706b','event:253','entry','sent','#support',11,NULL,'normal','2026-11-20 09:28:02.000000','2026-11-20 09:28:02.000000',1,'2026-11-20 09:28:03.000000',0,'2026-11-20 09:28:03.000000','1795166883.000000','C0SUPPORT','',0,253);
INSERT INTO deliveries VALUES('6d21f4cda1854c8ea8ea37f7523d2a54','event:51','entry','sent','#support',6,NULL,'normal','2026-11-11 12:10:06.000000','2026-11-11 12:10:06.000000',1,'2026-11-11 12:10:07.000000',0,'2026-11-11 12:10:07.000000','1794399007.000000','C0SUPPORT','',0,51);
INSERT INTO deliveries VALUES('6d3fad4c40274546a7e125a42d206ada','alert:14:update:4','update','sent','#support',14,NULL,'normal','2026-11-13 09:05:00.000000','2026-11-13 09:05:00.000000',1,'2026-11-13 09:05:03.000000',0,'2026-11-13 09:05:03.000000','1794474312.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('6e1fb6adcee944fdb25a9a5bf6a07500','event:105','entry','sent','#support',13,NULL,'high','2026-11-12 12:05:00.000000','2026-11-12 12:05:00.000000',1,'2026-11-12 12:05:00.333333',0,'2026-11-12 12:05:00.333333','1794485100.333333','C0SUPPORT','',0,105);
INSERT INTO deliveries VALUES('6e6716981e834596b6469fabf59cd100','alert:20:update:4','update','sent','#support',20,NULL,'normal','2026-11-13 11:10:02.000000','2026-11-13 11:10:02.000000',1,'2026-11-13 11:40:00.000000',0,'2026-11-13 11:40:00.000000','1794564301.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('6eb8f85f1e10453b87e21846460a02ec','alert:38:update:2','update','sent','#support',38,NULL,'high','2026-11-19 08:00:00.000000','2026-11-19 08:00:00.000000',1,'2026-11-19 08:00:02.000000',0,'2026-11-19 08:00:02.000000','1795032000.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('6fea51ca4fae4cf58e33dd7092947d94','event:144','entry','sent','#praise',15,NULL,'praise','2026-11-14 09:05:06.000000','2026-11-14 09:05:06.000000',1,'2026-11-14 09:05:06.333333',0,'2026-11-14 09:05:06.333333','1794647106.333333','C0PRAISE1','',0,144);
INSERT INTO deliveries VALUES('70293815535142c1a8fb46b52a2d551f','alert:20:update:3','update','sent','#support',20,NULL,'normal','2026-11-13 11:10:00.000000','2026-11-13 11:10:00.000000',1,'2026-11-13 11:10:02.000000',0,'2026-11-13 11:10:02.000000','1794564301.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('707c70b48a9749d8800e67ed8c9cf440','event:105:call','call','sent','#support-leads',13,NULL,'high','2026-11-12 12:05:00.000000','2026-11-12 12:05:00.000000',1,'2026-11-12 12:05:00.666666',0,'2026-11-12 12:05:00.666666','1794485100.666666','C0LEADS01','',0,105);
INSERT INTO deliveries VALUES('70d07ebab73b4062a4d4ad86235a63d5','event:183','entry','sent','#support',24,NULL,'normal','2026-11-18 08:00:00.000000','2026-11-18 08:00:00.000000',1,'2026-11-18 08:00:01.333333',0,'2026-11-18 08:00:01.333333','1794988801.333333','C0SUPPORT','',0,183);
INSERT INTO deliveries VALUES('7139bed19cf94bc1a31e1292f6d0ac1d','event:188','entry','sent','#support',29,NULL,'normal','2026-11-18 08:00:00.000000','2026-11-18 08:00:00.000000',1,'2026-11-18 08:00:06.333333',0,'2026-11-18 08:00:06.333333','1794988806.333333','C0SUPPORT','',0,188);
INSERT INTO deliveries VALUES('71b5ff55819e4387a18586644d49ffce','alert:10:update:8','update','sent','#support',10,NULL,'normal','2026-11-20 09:28:00.000000','2026-11-20 09:28:00.000000',1,'2026-11-20 09:28:02.000000',0,'2026-11-20 09:28:02.000000','1794395163.333333','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('72470addaefb42ae951536644039d142','alert:21:update:5','update','sent','#support',21,NULL,'normal','2026-11-13 11:45:01.000000','2026-11-13 11:45:01.000000',1,'2026-11-13 11:45:04.000000',0,'2026-11-13 11:45:04.000000','1794564302.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('730b19ec2b994f07b3f0b94c4e2a89f5','alert:28:card','card','sent','#support',28,NULL,'normal','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',1,'2026-11-17 09:10:10.000000',0,'2026-11-17 09:10:10.000000','1794906610.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('736a947a843f4da7b1eedaffcc3d5506','alert:7:update:3','update','sent','#support',7,NULL,'normal','2026-11-11 12:10:04.000000','2026-11-11 12:10:04.000000',1,'2026-11-11 12:10:06.000000',0,'2026-11-11 12:10:06.000000','1794391268.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('73a26890363f49c2a3bc6601947678f5','alert:25:update:4','update','sent','#support',25,NULL,'normal','2026-11-18 14:00:00.000000','2026-11-18 14:00:00.000000',1,'2026-11-18 14:00:09.000000',0,'2026-11-18 14:00:09.000000','1794906604.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('73c2f6f06ce94732bc377da0e48e1b4d','event:242','entry','sent','#support',47,NULL,'high','2026-11-20 08:54:00.000000','2026-11-20 08:54:00.000000',1,'2026-11-20 08:54:01.000000',0,'2026-11-20 08:54:01.000000','1795164841.000000','C0SUPPORT','',0,242);
INSERT INTO deliveries VALUES('73f7ba8e044546569e3a5db5154ed512','event:39','entry','sent','#support',8,NULL,'normal','2026-11-11 10:01:00.000000','2026-11-11 10:01:00.000000',1,'2026-11-11 10:01:11.000000',0,'2026-11-11 10:01:11.000000','1794391271.000000','C0SUPPORT','',0,39);
INSERT INTO deliveries VALUES('759aaeee431142a4b20ab3059b33d947','event:182','entry','sent','#legal',18,NULL,'urgent','2026-11-18 08:00:00.000000','2026-11-18 08:00:00.000000',1,'2026-11-18 08:00:01.000000',0,'2026-11-18 08:00:01.000000','1794988801.000000','C0LEGAL01','',0,182);
INSERT INTO deliveries VALUES('764a44e326ee4eac8dbd3dc98b53c16b','event:166','entry','sent','#support',27,NULL,'normal','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',1,'2026-11-17 09:10:09.000000',0,'2026-11-17 09:10:09.000000','1794906609.000000','C0SUPPORT','',0,166);
INSERT INTO deliveries VALUES('77cab1f95e4243e0a8a6217585f049fe','event:172','entry','merged','#support',33,'8e65e4cfd0a440dabf11dc91b6a3ce92','normal','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',0,NULL,0,NULL,'','','',0,172);
INSERT INTO deliveries VALUES('78e51061731148a382ce6f447ed4d57b','alert:2:card','card','sent','#support',2,NULL,'high','2026-11-09 08:20:00.000000','2026-11-09 08:20:00.000000',1,'2026-11-09 08:20:00.000000',0,'2026-11-09 08:20:00.000000','1794212400.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('7afb6462db8a402181569570cc2534b4','alert:27:update:4','update','sent','#support',27,NULL,'normal','2026-11-18 14:00:00.000000','2026-11-18 14:00:00.000000',1,'2026-11-18 14:00:11.000000',0,'2026-11-18 14:00:11.000000','1794906608.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('7b6eb806cc544333b056ddb0f1da2b29','event:243','entry','sent','#support',48,NULL,'high','2026-11-20 08:54:00.000000','2026-11-20 08:54:00.000000',1,'2026-11-20 08:54:02.000000',0,'2026-11-20 08:54:02.000000','1795164842.000000','C0SUPPORT','',0,243);
INSERT INTO deliveries VALUES('7ceb5fb4e8ac4bff9f55c5fc20572aeb','event:131','entry','sent','#support',20,NULL,'normal','2026-11-13 11:10:00.000000','2026-11-13 11:10:00.000000',1,'2026-11-13 11:10:00.000000',0,'2026-11-13 11:10:00.000000','1794568200.000001','C0SUPPORT','',0,131);
INSERT INTO deliveries VALUES('7e0ab2ed31b1427e976699cc6ed5d1bf','event:58','entry','sent','#support',6,NULL,'normal','2026-11-11 12:40:02.000000','2026-11-11 12:40:02.000000',1,'2026-11-11 12:40:03.000000',0,'2026-11-11 12:40:03.000000','1794400803.000000','C0SUPPORT','',0,58);
INSERT INTO deliveries VALUES('7e94f5ab08e24ad3aeecb544377054cf','event:187','entry','sent','#support',28,NULL,'normal','2026-11-18 08:00:00.000000','2026-11-18 08:00:00.000000',1,'2026-11-18 08:00:05.333333',0,'2026-11-18 08:00:05.333333','1794988805.333333','C0SUPPORT','',0,187);
INSERT INTO deliveries VALUES('7eba03520d584a588842c19ac1fbe94c','alert:13:update:8','update','sent','#support',13,NULL,'high','2026-11-13 09:05:00.000000','2026-11-13 09:05:00.000000',1,'2026-11-13 09:05:02.000000',0,'2026-11-13 09:05:02.000000','1794474300.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('7f0fad3b5482409f82041769b705fbf3','event:197','entry','sent','#support',25,NULL,'normal','2026-11-18 14:00:00.000000','2026-11-18 14:00:00.000000',1,'2026-11-18 14:00:01.000000',0,'2026-11-18 14:00:01.000000','1795010401.000000','C0SUPPORT','',0,197);
INSERT INTO deliveries VALUES('7fe9da2007124b2fb0ab1c2e174e3f4b','event:211','entry','sent','#support',38,NULL,'high','2026-11-19 08:00:00.000000','2026-11-19 08:00:00.000000',1,'2026-11-19 08:00:00.000000',0,'2026-11-19 08:00:00.000000','1795075200.000000','C0SUPPORT','',0,211);
INSERT INTO deliveries VALUES('803468b6b61049f7b9270f4eb8b333a8','alert:2:update:11','update','sent','#support',2,NULL,'high','2026-11-09 13:32:02.000000','2026-11-09 13:32:02.000000',1,'2026-11-09 13:32:04.000000',0,'2026-11-09 13:32:04.000000','1794212400.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('8049e97a781b412083497471d0246cca','alert:40:update:4','update','sent','#legal',40,NULL,'urgent','2026-11-19 11:20:03.000000','2026-11-19 11:20:03.000000',1,'2026-11-19 11:20:05.000000',0,'2026-11-19 11:20:05.000000','1795079100.000000','C0LEGAL01','',0,NULL);
INSERT INTO deliveries VALUES('810d2e304bcb4b22a3db01fcaa7c314b','alert:8:update:5','update','sent','#support',8,NULL,'normal','2026-11-11 12:41:00.000000','2026-11-11 12:41:00.000000',1,'2026-11-11 12:41:03.000000',0,'2026-11-11 12:41:03.000000','1794391270.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('8181e84d99a74924950d40ddc2557035','event:64','entry','sent','#support',5,NULL,'normal','2026-11-11 13:05:00.000000','2026-11-11 13:05:00.000000',1,'2026-11-11 13:05:00.000000',0,'2026-11-11 13:05:00.000000','1794402300.000000','C0SUPPORT','',0,64);
INSERT INTO deliveries VALUES('819d7ca7b46148ccb21754ef2904acec','event:48','entry','sent','#support',2,NULL,'high','2026-11-11 12:10:00.000000','2026-11-11 12:10:00.000000',1,'2026-11-11 12:10:00.000000',0,'2026-11-11 12:10:00.000000','1794399000.000000','C0SUPPORT','',0,48);
INSERT INTO deliveries VALUES('81ee476c883941109727d740fad13805','alert:2:update:23','update','sent','#support',2,NULL,'high','2026-11-20 08:31:00.000000','2026-11-20 08:31:00.000000',1,'2026-11-20 08:31:09.000000',0,'2026-11-20 08:31:09.000000','1794212400.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('81f9c1f66c0f4459b79b17aeefba91fc','event:13','entry','sent','#support',2,NULL,'high','2026-11-09 13:32:02.000000','2026-11-09 13:32:02.000000',1,'2026-11-09 13:32:03.000000',0,'2026-11-09 13:32:03.000000','1794231123.000000','C0SUPPORT','',0,13);
INSERT INTO deliveries VALUES('825f854213bd488e93fdf07ccb8409d6','alert:4:update:7','update','sent','#support',4,NULL,'normal','2026-11-12 10:10:00.000000','2026-11-12 10:10:00.000000',1,'2026-11-12 10:10:06.000000',0,'2026-11-12 10:10:06.000000','1794391262.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('8262cdc556b243e4ac4c277b5481e736','event:229','entry','sent','#support',43,NULL,'normal','2026-11-19 12:05:03.000000','2026-11-19 12:05:03.000000',1,'2026-11-19 12:05:03.333333',0,'2026-11-19 12:05:03.333333','1795089903.333333','C0SUPPORT','',0,229);
INSERT INTO deliveries VALUES('83333218bd9141b7b03edca7e2dcaa37','alert:6:card','card','sent','#support',6,NULL,'normal','2026-11-11 10:01:00.000000','2026-11-11 10:01:00.000000',1,'2026-11-11 10:01:06.000000',0,'2026-11-11 10:01:06.000000','1794391266.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('8492c7b5f40f4922ad421259d18da490','alert:48:update:5','update','sent','#support',48,NULL,'high','2026-11-20 09:20:00.000000','2026-11-20 09:20:00.000000',1,'2026-11-20 09:20:04.000000',0,'2026-11-20 09:20:04.000000','1795163466.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('8660194d0f934b0589778fb7091489cd','alert:38:card','card','sent','#support',38,NULL,'high','2026-11-18 20:00:00.000000','2026-11-18 20:00:00.000000',1,'2026-11-18 20:00:00.000000',0,'2026-11-18 20:00:00.000000','1795032000.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('8742ced2309944e2b5b5b9340106bb05','event:134','entry','sent','#support',21,NULL,'normal','2026-11-13 11:10:02.000000','2026-11-13 11:10:02.000000',1,'2026-11-13 11:40:04.000000',0,'2026-11-13 11:40:04.000000','1794570004.000000','C0SUPPORT','',0,134);
INSERT INTO deliveries VALUES('883062fabf2d488b821ea0e2338c9127','alert:47:update:4','update','sent','#support',47,NULL,'high','2026-11-20 08:54:07.000000','2026-11-20 08:54:07.000000',1,'2026-11-20 08:54:10.000000',0,'2026-11-20 08:54:10.000000','1795163464.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('88c780f6907f46698ba955f3e4096150','alert:11:update:4','update','sent','#support',11,NULL,'normal','2026-11-11 15:20:00.000000','2026-11-11 15:20:00.000000',1,'2026-11-11 15:20:09.000000',0,'2026-11-11 15:20:09.000000','1794395165.333333','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('8a449ebe89d94f028067dba858989008','event:35','entry','sent','#support',4,NULL,'normal','2026-11-11 10:01:00.000000','2026-11-11 10:01:00.000000',1,'2026-11-11 10:01:03.000000',0,'2026-11-11 10:01:03.000000','1794391263.000000','C0SUPPORT','',0,35);
INSERT INTO deliveries VALUES('8ae63ab1aa314156a055af1c252a66d8','alert:32:update:5','update','sent','#support',32,NULL,'normal','2026-11-18 14:00:00.000000','2026-11-18 14:00:00.000000',1,'2026-11-18 14:00:14.000000',0,'2026-11-18 14:00:14.000000','1794910861.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('8ba56d3424454ecfb4ecf2ede4cd6075','alert:14:update:3','update','sent','#support',14,NULL,'normal','2026-11-12 10:10:07.000000','2026-11-12 10:10:07.000000',1,'2026-11-12 10:10:09.000000',0,'2026-11-12 10:10:09.000000','1794474312.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('8c0354be5a6d4efca7b128fd0f90e49c','event:217','entry','sent','#support',42,NULL,'normal','2026-11-19 09:05:00.000000','2026-11-19 09:05:00.000000',1,'2026-11-19 09:05:03.333333',0,'2026-11-19 09:05:03.333333','1795079103.333333','C0SUPPORT','',0,217);
INSERT INTO deliveries VALUES('8c09786b766b4e3c889cbaffd1f559af','event:196','entry','sent','#support',24,NULL,'normal','2026-11-18 14:00:00.000000','2026-11-18 14:00:00.000000',1,'2026-11-18 14:00:00.000000',0,'2026-11-18 14:00:00.000000','1795010400.000000','C0SUPPORT','',0,196);
INSERT INTO deliveries VALUES('8c5fe8f8dc3b4364ab8ac8ce8a245e6b','event:25','entry','sent','#support',3,NULL,'urgent','2026-11-10 09:28:02.000000','2026-11-10 09:28:02.000000',1,'2026-11-10 10:00:01.000000',0,'2026-11-10 10:00:01.000000','1794304801.000000','C0SUPPORT','',0,25);
INSERT INTO deliveries VALUES('8d64b3add9574b6b8cb05ec1b14b69dc','event:117','entry','sent','#legal',18,NULL,'urgent','2026-11-13 08:30:00.000000','2026-11-13 08:30:00.000000',1,'2026-11-13 08:30:00.000000',0,'2026-11-13 08:30:00.000000','1794558600.000000','C0LEGAL01','',0,117);
INSERT INTO deliveries VALUES('8d88348a7eed4d14b06d3fef701966a0','event:8','entry','sent','#support',2,NULL,'high','2026-11-09 10:21:00.000000','2026-11-09 10:21:00.000000',1,'2026-11-09 10:21:00.000000',0,'2026-11-09 10:21:00.000000','1794219660.000000','C0SUPPORT','',0,8);
INSERT INTO deliveries VALUES('8d8e3b13e83b4ab1ac153076cdc98666','event:101','entry','sent','#support',16,NULL,'info','2026-11-12 10:10:09.000000','2026-11-12 10:10:09.000000',1,'2026-11-12 10:10:10.000000',0,'2026-11-12 10:10:10.000000','1794478210.000000','C0SUPPORT','',0,101);
INSERT INTO deliveries VALUES('8ded3c9691eb49fa9d5f576cdeb8fc4c','alert:2:update:17','update','sent','#support',2,NULL,'high','2026-11-11 10:01:00.000000','2026-11-11 10:01:00.000000',1,'2026-11-11 10:01:12.000000',0,'2026-11-11 10:01:12.000000','1794212400.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('8e65e4cfd0a440dabf11dc91b6a3ce92','summary:8e65e4cfd0a440dabf11dc91b6a3ce92','summary','sent','#support',NULL,NULL,'normal','2026-11-17 09:10:00.000000','2026-11-17 09:10:05.000000',1,'2026-11-17 09:10:00.000000',0,'2026-11-17 09:10:05.000000','1794906600.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('8e903fd93433460ca1e406a660a7a7b7','event:149','entry','sent','#support',22,NULL,'normal','2026-11-16 09:02:00.000000','2026-11-16 09:02:00.000000',1,'2026-11-16 09:02:01.000000',0,'2026-11-16 09:02:01.000000','1794819721.000000','C0SUPPORT','',0,149);
INSERT INTO deliveries VALUES('8f332483bfe4440ea0fc47fa3f8b1baa','alert:21:update:3','update','sent','#support',21,NULL,'normal','2026-11-13 11:10:02.000000','2026-11-13 11:10:02.000000',1,'2026-11-13 11:40:03.000000',0,'2026-11-13 11:40:03.000000','1794564302.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('8f8b2b83022b4320a1615022409a8a78','event:54','entry','sent','#support',11,NULL,'normal','2026-11-11 12:10:12.000000','2026-11-11 12:10:12.000000',1,'2026-11-11 12:10:13.000000',0,'2026-11-11 12:10:13.000000','1794399013.000000','C0SUPPORT','',0,54);
INSERT INTO deliveries VALUES('906704c365d64b6e86e3db95d4350b28','event:109','entry','sent','#legal',17,NULL,'urgent','2026-11-12 12:05:00.000000','2026-11-12 12:05:00.000000',1,'2026-11-12 12:05:01.000000',0,'2026-11-12 12:05:01.000000','1794485101.000000','C0LEGAL01','',0,109);
INSERT INTO deliveries VALUES('909ff4976a8a43efa8804790be6c6fe9','alert:11:update:3','update','sent','#support',11,NULL,'normal','2026-11-11 12:10:12.000000','2026-11-11 12:10:12.000000',1,'2026-11-11 12:10:14.000000',0,'2026-11-11 12:10:14.000000','1794395165.333333','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('90e32e82394543538cdece75921ebce6','alert:4:update:4','update','sent','#support',4,NULL,'normal','2026-11-11 15:20:00.000000','2026-11-11 15:20:00.000000',1,'2026-11-11 15:20:06.000000',0,'2026-11-11 15:20:06.000000','1794391262.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('92484194aef4459cbb2b92c3c87868fa','event:148','entry','sent','#support',21,NULL,'normal','2026-11-16 09:02:00.000000','2026-11-16 09:02:00.000000',1,'2026-11-16 09:02:00.000000',0,'2026-11-16 09:02:00.000000','1794819720.000000','C0SUPPORT','',0,148);
INSERT INTO deliveries VALUES('940a3aebcbd54a318293d779e1f86d03','event:246','entry','sent','#support',9,NULL,'normal','2026-11-20 09:00:00.000000','2026-11-20 09:00:00.000000',1,'2026-11-20 09:00:00.000000',0,'2026-11-20 09:00:00.000000','1795165200.000001','C0SUPPORT','',0,246);
INSERT INTO deliveries VALUES('947810d822a648bfbd2186d3e323ce54','alert:8:update:7','update','sent','#support',8,NULL,'normal','2026-11-11 15:10:00.000000','2026-11-11 15:10:00.000000',1,'2026-11-11 15:10:03.000000',0,'2026-11-11 15:10:03.000000','1794391270.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('94c05053a14546e69a4f17b66886663a','event:251','entry','sent','#support',48,NULL,'high','2026-11-20 09:20:00.000000','2026-11-20 09:20:00.000000',1,'2026-11-20 09:20:01.000000',0,'2026-11-20 09:20:01.000000','1795166401.000000','C0SUPPORT','',0,251);
INSERT INTO deliveries VALUES('94d8cd47718e4baf9442f362f919cb32','event:181','entry','sent','#legal',17,NULL,'urgent','2026-11-18 08:00:00.000000','2026-11-18 08:00:00.000000',1,'2026-11-18 08:00:00.000000',0,'2026-11-18 08:00:00.000000','1794988800.000000','C0LEGAL01','',0,181);
INSERT INTO deliveries VALUES('96605d959d7c44f69d5c482557450e65','event:67','entry','sent','#support',5,NULL,'normal','2026-11-11 15:10:00.000000','2026-11-11 15:10:00.000000',1,'2026-11-11 15:10:00.000000',0,'2026-11-11 15:10:00.000000','1794409800.000000','C0SUPPORT','',0,67);
INSERT INTO deliveries VALUES('968240ef0f684985bed43ab33e3b4290','event:215','entry','sent','#legal',40,NULL,'urgent','2026-11-19 09:05:00.000000','2026-11-19 09:05:00.000000',1,'2026-11-19 09:05:01.000000',0,'2026-11-19 09:05:01.000000','1795079101.000000','C0LEGAL01','',0,215);
INSERT INTO deliveries VALUES('973082d609b445d299bc1d97e0f3a7ef','alert:10:update:3','update','sent','#support',10,NULL,'normal','2026-11-11 12:10:14.000000','2026-11-11 12:10:14.000000',1,'2026-11-11 12:10:16.000000',0,'2026-11-11 12:10:16.000000','1794395163.333333','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('97f2a70223664676947f81435add92d1','event:108','entry','sent','#support',11,NULL,'normal','2026-11-12 12:05:00.000000','2026-11-12 12:05:00.000000',1,'2026-11-12 12:05:04.333333',0,'2026-11-12 12:05:04.333333','1794485104.333333','C0SUPPORT','',0,108);
INSERT INTO deliveries VALUES('9927a8fd76ee49aa8eb0ff74670f2134','alert:48:card','card','sent','#support',48,NULL,'high','2026-11-20 08:31:00.000000','2026-11-20 08:31:00.000000',1,'2026-11-20 08:31:06.000000',0,'2026-11-20 08:31:06.000000','1795163466.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('99d026a7762a4ba5ac5df2c7fcad3888','alert:25:card','card','sent','#support',25,NULL,'normal','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',1,'2026-11-17 09:10:04.000000',0,'2026-11-17 09:10:04.000000','1794906604.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('99f86c8df8454ed9913dd1a6e9d40f2b','alert:4:update:5','update','sent','#support',4,NULL,'normal','2026-11-12 09:05:00.000000','2026-11-12 09:05:00.000000',1,'2026-11-12 09:05:16.000000',0,'2026-11-12 09:05:16.000000','1794391262.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('9b29b54be5874d219f8ce97adb34fa8d','event:119','entry','sent','#legal',17,NULL,'urgent','2026-11-13 08:30:02.000000','2026-11-13 08:30:02.000000',1,'2026-11-13 08:30:04.000000',0,'2026-11-13 08:30:04.000000','1794558604.000000','C0LEGAL01','',0,119);
INSERT INTO deliveries VALUES('9be3cecb8c494c68a8c24d4244ef7feb','event:28','entry','sent','#support',2,NULL,'high','2026-11-11 09:01:00.000000','2026-11-11 09:01:00.000000',1,'2026-11-11 09:01:00.000000',0,'2026-11-11 09:01:00.000000','1794387660.000000','C0SUPPORT','',0,28);
INSERT INTO deliveries VALUES('9c25b2dbf6ba4673823e96d038e9de81','alert:36:card','card','sent','#support',36,NULL,'normal','2026-11-17 11:31:00.000000','2026-11-17 11:31:00.000000',1,'2026-11-17 11:31:01.000000',0,'2026-11-17 11:31:01.000000','1794915061.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('9c7d498a8f764c87964274036988f668','alert:18:update:5','update','sent','#legal',18,NULL,'urgent','2026-11-12 15:06:00.000000','2026-11-12 15:06:00.000000',1,'2026-11-12 15:06:03.000000',0,'2026-11-12 15:06:03.000000','1794485102.000000','C0LEGAL01','',0,NULL);
INSERT INTO deliveries VALUES('9cb471a553494a4884673b757ff2e341','event:59','entry','sent','#support',8,NULL,'normal','2026-11-11 12:41:00.000000','2026-11-11 12:41:00.000000',1,'2026-11-11 12:41:01.000000',0,'2026-11-11 12:41:01.000000','1794400861.000000','C0SUPPORT','',0,59);
INSERT INTO deliveries VALUES('9d19ee45032b43288bb57b5cd3e89d32','event:71','entry','sent','#support',10,NULL,'normal','2026-11-11 15:20:00.000000','2026-11-11 15:20:00.000000',1,'2026-11-11 15:20:02.000000',0,'2026-11-11 15:20:02.000000','1794410402.000000','C0SUPPORT','',0,71);
INSERT INTO deliveries VALUES('9d643c25fbb240bb992a4aa2b410d93c','alert:3:update:6','update','sent','#support',3,NULL,'urgent','2026-11-10 09:25:00.000000','2026-11-10 09:25:00.000000',1,'2026-11-10 09:25:02.000000',0,'2026-11-10 09:25:02.000000','1794301260.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('9da7fdf2675b44b3938fcc237cb10028','alert:9:update:8','update','sent','#support',9,NULL,'normal','2026-11-20 09:00:00.000000','2026-11-20 09:00:00.000000',1,'2026-11-20 09:00:02.000000',0,'2026-11-20 09:00:02.000000','1794395161.333333','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('9f22ce0adc7a42839604c3b667be9998','alert:32:card','card','merged','#support',32,'8e65e4cfd0a440dabf11dc91b6a3ce92','normal','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',0,NULL,0,NULL,'','','',0,NULL);
INSERT INTO deliveries VALUES('9f9f80d0e7304b28922f02f350e9e079','alert:16:update:3','update','sent','#support',16,NULL,'info','2026-11-12 10:10:09.000000','2026-11-12 10:10:09.000000',1,'2026-11-12 10:10:11.000000',0,'2026-11-12 10:10:11.000000','1794474314.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('a11d459a2f974d8799999e3fa46d6753','alert:2:update:9','update','sent','#support',2,NULL,'high','2026-11-09 13:32:00.000000','2026-11-09 13:32:00.000000',1,'2026-11-09 13:32:02.000000',0,'2026-11-09 13:32:02.000000','1794212400.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('a17a4340f9c04fefba1b1bf13879399b','event:49','entry','sent','#support',8,NULL,'normal','2026-11-11 12:10:02.000000','2026-11-11 12:10:02.000000',1,'2026-11-11 12:10:03.000000',0,'2026-11-11 12:10:03.000000','1794399003.000000','C0SUPPORT','',0,49);
INSERT INTO deliveries VALUES('a2b249ab47124faabead3bed00fdfeae','alert:23:update:2','update','sent','#support',23,NULL,'normal','2026-11-16 09:02:00.000000','2026-11-16 09:02:00.000000',1,'2026-11-16 09:02:05.000000',0,'2026-11-16 09:02:05.000000','1794819600.000003','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('a2c631335f6440d28812fed7cbc0981c','event:258','entry','pending','#support',46,NULL,'high','2026-11-20 09:31:00.000000','2026-11-20 09:31:00.000000',0,NULL,0,NULL,'','','',0,258);
INSERT INTO deliveries VALUES('a2cf179f66e4492797d259adb0c12c60','alert:31:update:2','update','merged','#support',31,'8e65e4cfd0a440dabf11dc91b6a3ce92','normal','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',0,NULL,0,NULL,'','','',0,NULL);
INSERT INTO deliveries VALUES('a310a849b7974b28a4c371cfae7fba11','alert:19:card','card','sent','#support',19,NULL,'normal','2026-11-13 10:00:00.000000','2026-11-13 10:00:00.000000',1,'2026-11-13 10:05:00.000000',0,'2026-11-13 10:05:00.000000','1794564300.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('a45f419cb0fb4bc8b22cc3474ca27b41','alert:48:update:4','update','sent','#support',48,NULL,'high','2026-11-20 09:02:00.000000','2026-11-20 09:02:00.000000',1,'2026-11-20 09:02:03.000000',0,'2026-11-20 09:02:03.000000','1795163466.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('a521dadd8b034e7c86cd35fff885ce63','event:249','entry','sent','#support',41,NULL,'normal','2026-11-20 09:20:00.000000','2026-11-20 09:20:00.000000',1,'2026-11-20 09:20:02.000000',0,'2026-11-20 09:20:02.000000','1795166402.000000','C0SUPPORT','',0,249);
INSERT INTO deliveries VALUES('a5ac06d864c242e39403560d97dae38d','alert:3:update:7','update','sent','#support',3,NULL,'urgent','2026-11-10 09:28:00.000000','2026-11-10 09:28:00.000000',1,'2026-11-10 09:28:02.000000',0,'2026-11-10 09:28:02.000000','1794301260.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('a5f09e6345dd487da81aa40a2b0b8c12','alert:2:update:19','update','sent','#support',2,NULL,'high','2026-11-11 11:06:00.000000','2026-11-11 11:06:00.000000',1,'2026-11-11 11:06:07.333333',0,'2026-11-11 11:06:07.333333','1794212400.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('a63e0c32f93847b0b96cc27ac2d532fa','event:143','entry','sent','#support',22,NULL,'normal','2026-11-14 09:05:00.000000','2026-11-14 09:05:00.000000',1,'2026-11-14 09:05:02.000000',0,'2026-11-14 09:05:02.000000','1794647102.000000','C0SUPPORT','',0,143);
INSERT INTO deliveries VALUES('a6f38e3e767f4953945b523821464b6d','alert:36:update:4','update','sent','#support',36,NULL,'normal','2026-11-18 14:00:00.000000','2026-11-18 14:00:00.000000',1,'2026-11-18 14:00:15.000000',0,'2026-11-18 14:00:15.000000','1794915061.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('a745ba6deaee419bba6cac4ae82d2fef','event:114','entry','sent','#legal',18,NULL,'urgent','2026-11-12 15:06:00.000000','2026-11-12 15:06:00.000000',1,'2026-11-12 15:06:01.000000',0,'2026-11-12 15:06:01.000000','1794495961.000000','C0LEGAL01','',0,114);
INSERT INTO deliveries VALUES('a92cd2ded8024b08be85b0a9b4e9a806','alert:2:update:22','update','sent','#support',2,NULL,'high','2026-11-17 11:31:00.000000','2026-11-17 11:31:00.000000',1,'2026-11-17 11:31:03.000000',0,'2026-11-17 11:31:03.000000','1794212400.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('ac859f8ff70648328be1b2488b97ef45','alert:22:update:6','update','sent','#support',22,NULL,'normal','2026-11-14 09:05:00.000000','2026-11-14 09:05:00.000000',1,'2026-11-14 09:05:06.000000',0,'2026-11-14 09:05:06.000000','1794564303.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('ad45f23d3b1a41df987fd2803bab6c39','event:8:call','call','sent','#support-leads',2,NULL,'high','2026-11-09 10:21:00.000000','2026-11-09 10:21:00.000000',1,'2026-11-09 10:21:00.333333',0,'2026-11-09 10:21:00.333333','1794219660.333333','C0LEADS01','',0,8);
INSERT INTO deliveries VALUES('adb5555600e6430586b46f015c03151c','alert:30:card','card','merged','#support',30,'8e65e4cfd0a440dabf11dc91b6a3ce92','normal','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',0,NULL,0,NULL,'','','',0,NULL);
INSERT INTO deliveries VALUES('ae4ecf4b2ad9440ab36ebf511d95389b','alert:12:update:3','update','sent','#support',12,NULL,'normal','2026-11-11 15:31:00.000000','2026-11-11 15:31:00.000000',1,'2026-11-11 15:31:02.000000',0,'2026-11-11 15:31:02.000000','1794410404.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('ae9c8563107d42d5871c5cf140a980bd','alert:13:update:5','update','sent','#support',13,NULL,'high','2026-11-12 12:05:00.000000','2026-11-12 12:05:00.000000',1,'2026-11-12 12:05:05.333333',0,'2026-11-12 12:05:05.333333','1794474300.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('afbd67f9619649cfa1988ad9f06c144a','alert:2:update:5','update','sent','#support',2,NULL,'high','2026-11-09 09:06:00.000000','2026-11-09 09:06:00.000000',1,'2026-11-09 09:06:02.000000',0,'2026-11-09 09:06:02.000000','1794212400.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('afdbe9d27ebd4e05901fc6f43d061f79','alert:18:update:4','update','sent','#legal',18,NULL,'urgent','2026-11-12 12:05:10.333333','2026-11-12 12:05:10.333333',1,'2026-11-12 12:05:12.333333',0,'2026-11-12 12:05:12.333333','1794485102.000000','C0LEGAL01','',0,NULL);
INSERT INTO deliveries VALUES('b11379a20ff44f6584d759889213147b','alert:11:update:7','update','sent','#support',11,NULL,'normal','2026-11-12 12:05:00.000000','2026-11-12 12:05:00.000000',1,'2026-11-12 12:05:08.333333',0,'2026-11-12 12:05:08.333333','1794395165.333333','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('b2221a58008a45a684647159c324c985','event:4','entry','sent','#support',2,NULL,'high','2026-11-09 08:20:00.000000','2026-11-09 08:20:00.000000',1,'2026-11-09 08:20:01.000000',0,'2026-11-09 08:20:01.000000','1794212401.000000','C0SUPPORT','',0,4);
INSERT INTO deliveries VALUES('b2b3d2229af845dfadb076bd59805a17','event:216','entry','sent','#support',41,NULL,'normal','2026-11-19 09:05:00.000000','2026-11-19 09:05:00.000000',1,'2026-11-19 09:05:01.333333',0,'2026-11-19 09:05:01.333333','1795079101.333333','C0SUPPORT','',0,216);
INSERT INTO deliveries VALUES('b312ad6fbbdc45a2b977edf4959d133d','alert:33:card','card','merged','#support',33,'8e65e4cfd0a440dabf11dc91b6a3ce92','normal','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',0,NULL,0,NULL,'','','',0,NULL);
INSERT INTO deliveries VALUES('b386d25cb38742adaa4926f05f221dfc','alert:17:update:4','update','sent','#legal',17,NULL,'urgent','2026-11-13 08:30:02.000000','2026-11-13 08:30:02.000000',1,'2026-11-13 08:30:06.000000',0,'2026-11-13 08:30:06.000000','1794485100.000000','C0LEGAL01','',0,NULL);
INSERT INTO deliveries VALUES('b3df44a47467437a8b63e0efb62ac1fe','event:44','entry','sent','#support',2,NULL,'high','2026-11-11 11:06:00.000000','2026-11-11 11:06:00.000000',1,'2026-11-11 11:06:00.333333',0,'2026-11-11 11:06:00.333333','1794395160.333333','C0SUPPORT','',0,44);
INSERT INTO deliveries VALUES('b62e969333094db189c08e1c69a36e9a','alert:40:update:3','update','sent','#legal',40,NULL,'urgent','2026-11-19 10:10:00.000000','2026-11-19 10:10:00.000000',1,'2026-11-19 10:10:02.000000',0,'2026-11-19 10:10:02.000000','1795079100.000000','C0LEGAL01','',0,NULL);
INSERT INTO deliveries VALUES('b67d153d399d4b3cb4dfc9a57a946602','event:113','entry','sent','#legal',18,NULL,'urgent','2026-11-12 12:05:10.333333','2026-11-12 12:05:10.333333',1,'2026-11-12 12:05:11.333333',0,'2026-11-12 12:05:11.333333','1794485111.333333','C0LEGAL01','',0,113);
INSERT INTO deliveries VALUES('b74f34105463452d9c434723dde138d8','alert:32:card:176','card','sent','#support',32,NULL,'normal','2026-11-17 10:21:00.000000','2026-11-17 10:21:00.000000',1,'2026-11-17 10:21:01.000000',0,'2026-11-17 10:21:01.000000','1794910861.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('b8378d8291cb4386b112cfd037b5dbac','event:121','entry','sent','#support',14,NULL,'normal','2026-11-13 09:05:00.000000','2026-11-13 09:05:00.000000',1,'2026-11-13 09:05:00.000000',0,'2026-11-13 09:05:00.000000','1794560700.000000','C0SUPPORT','',0,121);
INSERT INTO deliveries VALUES('b9559250d09d4a6c874e263fb4345622','alert:29:update:3','update','sent','#support',29,NULL,'normal','2026-11-18 08:00:00.000000','2026-11-18 08:00:00.000000',1,'2026-11-18 08:00:14.333333',0,'2026-11-18 08:00:14.333333','1794906612.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('b9d179e06c0f44f5b8130c4237730edf','event:7','entry','sent','#support',2,NULL,'high','2026-11-09 09:06:00.000000','2026-11-09 09:06:00.000000',1,'2026-11-09 09:06:00.000000',0,'2026-11-09 09:06:00.000000','1794215160.000000','C0SUPPORT','',0,7);
INSERT INTO deliveries VALUES('b9fad67e4ba947c3acf45ccbfb8a99a2','alert:16:card','card','sent','#support',16,NULL,'info','2026-11-12 09:05:00.000000','2026-11-12 09:05:00.000000',1,'2026-11-12 09:05:14.000000',0,'2026-11-12 09:05:14.000000','1794474314.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('baaad6511227432f9e1827478d1bc13a','event:92','entry','sent','#support',9,NULL,'normal','2026-11-12 09:05:00.000000','2026-11-12 09:05:00.000000',1,'2026-11-12 09:05:07.000000',0,'2026-11-12 09:05:07.000000','1794474307.000000','C0SUPPORT','',0,92);
INSERT INTO deliveries VALUES('bb968a437d5c4dfc9eda92d864ac5db9','event:20','entry','sent','#support',3,NULL,'urgent','2026-11-10 09:01:03.000000','2026-11-10 09:01:03.000000',1,'2026-11-10 09:01:04.000000',0,'2026-11-10 09:01:04.000000','1794301264.000000','C0SUPPORT','',0,20);
INSERT INTO deliveries VALUES('bc2e9ff5a72f46008c0015082b265442','event:173','entry','merged','#support',34,'8e65e4cfd0a440dabf11dc91b6a3ce92','normal','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',0,NULL,0,NULL,'','','',0,173);
INSERT INTO deliveries VALUES('bc377f13502e405682d15cd3bb8c1409','alert:18:update:8','update','sent','#legal',18,NULL,'urgent','2026-11-19 12:05:00.000000','2026-11-19 12:05:00.000000',1,'2026-11-19 12:05:03.000000',0,'2026-11-19 12:05:03.000000','1794485102.000000','C0LEGAL01','',0,NULL);
INSERT INTO deliveries VALUES('bc937d7e064d4a2fb23280c3e1df6f91','event:224','entry','sent','#support',43,NULL,'normal','2026-11-19 12:05:00.000000','2026-11-19 12:05:00.000000',1,'2026-11-19 12:05:01.333333',0,'2026-11-19 12:05:01.333333','1795089901.333333','C0SUPPORT','',0,224);
INSERT INTO deliveries VALUES('bd1296cde1b44960b8e7df9b992149e8','event:150','entry','sent','#support',23,NULL,'normal','2026-11-16 09:02:00.000000','2026-11-16 09:02:00.000000',1,'2026-11-16 09:02:02.000000',0,'2026-11-16 09:02:02.000000','1794819722.000000','C0SUPPORT','',0,150);
INSERT INTO deliveries VALUES('bd6679c09c1347a39b1916cd450f0864','alert:35:card','card','dead','#support',35,NULL,'normal','2026-11-17 10:21:00.000000','2026-11-17 10:21:00.000000',1,'2026-11-17 10:21:00.000000',0,NULL,'','','Slack refuses the message of chat.postMessage to #support: msg_too_long',0,NULL);
INSERT INTO deliveries VALUES('be6521cc3e2444e3baf027bc08d6af57','alert:3:card','card','sent','#support',3,NULL,'urgent','2026-11-10 09:01:00.000000','2026-11-10 09:01:00.000000',1,'2026-11-10 09:01:00.000000',0,'2026-11-10 09:01:00.000000','1794301260.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('c02823ec60bd4dceb32701337eb9d1c8','event:195','entry','sent','#support',36,NULL,'normal','2026-11-18 08:00:00.000000','2026-11-18 08:00:00.000000',1,'2026-11-18 08:00:08.333333',0,'2026-11-18 08:00:08.333333','1794988808.333333','C0SUPPORT','',0,195);
INSERT INTO deliveries VALUES('c0426a0ce5344059a8b3b3deefbffa3d','alert:52:card','card','pending','#support',52,NULL,'normal','2026-11-20 09:31:00.000000','2026-11-20 09:31:00.000000',0,NULL,0,NULL,'','','',0,NULL);
INSERT INTO deliveries VALUES('c09f025ee38d42a785f5e71b98f6a644','alert:28:update:3','update','sent','#support',28,NULL,'normal','2026-11-18 08:00:00.000000','2026-11-18 08:00:00.000000',1,'2026-11-18 08:00:13.333333',0,'2026-11-18 08:00:13.333333','1794906610.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('c1e6415a95f24e558fa6961145f21e94','event:138','entry','sent','#support',22,NULL,'normal','2026-11-13 11:45:00.000000','2026-11-13 11:45:00.000000',1,'2026-11-13 11:45:01.000000',0,'2026-11-13 11:45:01.000000','1794570301.000000','C0SUPPORT','',0,138);
INSERT INTO deliveries VALUES('c234472f5b58496aad611a3e80c6bcbd','event:145','entry','sent','#praise',15,NULL,'praise','2026-11-14 09:05:06.000000','2026-11-14 09:05:06.000000',1,'2026-11-14 09:05:07.333333',0,'2026-11-14 09:05:07.333333','1794647107.333333','C0PRAISE1','',0,145);
INSERT INTO deliveries VALUES('c360b3b71251410babee35210c56a92d','event:115','entry','sent','#legal',17,NULL,'urgent','2026-11-12 15:06:00.000000','2026-11-12 15:06:00.000000',1,'2026-11-12 15:06:00.000000',0,'2026-11-12 15:06:00.000000','1794495960.000000','C0LEGAL01','',0,115);
INSERT INTO deliveries VALUES('c381e88f38c048fd8712b8bc076f3787','alert:2:update:6','update','sent','#support',2,NULL,'high','2026-11-09 10:21:00.000000','2026-11-09 10:21:00.000000',1,'2026-11-09 10:21:02.000000',0,'2026-11-09 10:21:02.000000','1794212400.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('c42dddc22f4147cd9cddee9ce8247487','event:235','entry','sent','#support',41,NULL,'normal','2026-11-20 08:31:00.000000','2026-11-20 08:31:00.000000',1,'2026-11-20 08:31:08.000000',0,'2026-11-20 08:31:08.000000','1795163468.000000','C0SUPPORT','',0,235);
INSERT INTO deliveries VALUES('c49872c67c084bb788c9da8aafe673f6','alert:2:update:21','update','sent','#support',2,NULL,'high','2026-11-11 13:01:00.000000','2026-11-11 13:01:00.000000',1,'2026-11-11 13:01:02.000000',0,'2026-11-11 13:01:02.000000','1794212400.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('c5c328968ccc4ff2a3ec75979615a32e','event:252','entry','sent','#support',10,NULL,'normal','2026-11-20 09:28:00.000000','2026-11-20 09:28:00.000000',1,'2026-11-20 09:28:00.000000',0,'2026-11-20 09:28:00.000000','1795166880.000001','C0SUPPORT','',0,252);
INSERT INTO deliveries VALUES('c69d4bd8b3fa4aa7a1fab9d78c7e134f','event:18','entry','sent','#support',3,NULL,'urgent','2026-11-10 09:01:00.000000','2026-11-10 09:01:00.000000',1,'2026-11-10 09:01:01.000000',0,'2026-11-10 09:01:01.000000','1794301261.000000','C0SUPPORT','',0,18);
INSERT INTO deliveries VALUES('c703806984c84999a1167d8fcf23cae8','alert:7:card','card','sent','#support',7,NULL,'normal','2026-11-11 10:01:00.000000','2026-11-11 10:01:00.000000',1,'2026-11-11 10:01:08.000000',0,'2026-11-11 10:01:08.000000','1794391268.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('c71a5b11805d406a99d6d73b2778507c','event:95','entry','sent','#support',13,NULL,'high','2026-11-12 10:10:00.000000','2026-11-12 10:10:00.000000',1,'2026-11-12 10:10:00.000000',0,'2026-11-12 10:10:00.000000','1794478200.000000','C0SUPPORT','',0,95);
INSERT INTO deliveries VALUES('c725bd979e28476188fea5d73716e7ea','alert:9:update:5','update','sent','#support',9,NULL,'normal','2026-11-12 09:05:00.000000','2026-11-12 09:05:00.000000',1,'2026-11-12 09:05:18.000000',0,'2026-11-12 09:05:18.000000','1794395161.333333','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('c7495df9237c4540a99bf22d86cec133','alert:24:update:3','update','sent','#support',24,NULL,'normal','2026-11-18 08:00:00.000000','2026-11-18 08:00:00.000000',1,'2026-11-18 08:00:09.333333',0,'2026-11-18 08:00:09.333333','1794906602.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('c76330afa23c4b27a7f52fa9a117511f','event:163','entry','sent','#support',24,NULL,'normal','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',1,'2026-11-17 09:10:03.000000',0,'2026-11-17 09:10:03.000000','1794906603.000000','C0SUPPORT','',0,163);
INSERT INTO deliveries VALUES('c79d444008214b65b8fe2f4be91553a9','event:100','entry','sent','#support',14,NULL,'normal','2026-11-12 10:10:07.000000','2026-11-12 10:10:07.000000',1,'2026-11-12 10:10:08.000000',0,'2026-11-12 10:10:08.000000','1794478208.000000','C0SUPPORT','',0,100);
INSERT INTO deliveries VALUES('c7af3626f94945689eb0e066de26e655','event:56','entry','sent','#support',9,NULL,'normal','2026-11-11 12:10:16.000000','2026-11-11 12:10:16.000000',1,'2026-11-11 12:10:17.000000',0,'2026-11-11 12:10:17.000000','1794399017.000000','C0SUPPORT','',0,56);
INSERT INTO deliveries VALUES('c96fa75802b047f886faadb10a248cff','alert:15:card','card','sent','#praise',15,NULL,'praise','2026-11-12 09:05:00.000000','2026-11-12 09:05:00.000000',1,'2026-11-12 09:05:00.333333',0,'2026-11-12 09:05:00.333333','1794474300.333333','C0PRAISE1','',0,NULL);
INSERT INTO deliveries VALUES('ca357568e2934bf1937c99611d775b7c','event:72','entry','sent','#support',9,NULL,'normal','2026-11-11 15:20:00.000000','2026-11-11 15:20:00.000000',1,'2026-11-11 15:20:01.000000',0,'2026-11-11 15:20:01.000000','1794410401.000000','C0SUPPORT','',0,72);
INSERT INTO deliveries VALUES('cadff918c41a46d982fa4d7a28d2e08e','event:116','entry','sent','#support',13,NULL,'high','2026-11-12 15:06:00.000000','2026-11-12 15:06:00.000000',1,'2026-11-12 15:06:00.333333',0,'2026-11-12 15:06:00.333333','1794495960.333333','C0SUPPORT','',0,116);
INSERT INTO deliveries VALUES('cb06718c063f42b6bc5c483d420a4323','alert:10:update:7','update','sent','#support',10,NULL,'normal','2026-11-12 12:05:00.000000','2026-11-12 12:05:00.000000',1,'2026-11-12 12:05:07.333333',0,'2026-11-12 12:05:07.333333','1794395163.333333','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('cb320db826fb4e56a5632a15c23105d9','alert:29:update:4','update','sent','#support',29,NULL,'normal','2026-11-18 14:00:00.000000','2026-11-18 14:00:00.000000',1,'2026-11-18 14:00:13.000000',0,'2026-11-18 14:00:13.000000','1794906612.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('cb517e6a12a3454b9aeb22a514185d06','event:238','entry','sent','#support',48,NULL,'high','2026-11-20 08:31:00.000000','2026-11-20 08:31:00.000000',1,'2026-11-20 08:31:07.000000',0,'2026-11-20 08:31:07.000000','1795163467.000000','C0SUPPORT','',0,238);
INSERT INTO deliveries VALUES('cc1b0c3e1c07424e84c5b4763fe31d03','alert:9:card','card','sent','#support',9,NULL,'normal','2026-11-11 11:06:00.000000','2026-11-11 11:06:00.000000',1,'2026-11-11 11:06:01.333333',0,'2026-11-11 11:06:01.333333','1794395161.333333','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('cc5d375a43bb4a66a9a413ca59758f83','event:165','entry','sent','#support',26,NULL,'normal','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',1,'2026-11-17 09:10:07.000000',0,'2026-11-17 09:10:07.000000','1794906607.000000','C0SUPPORT','',0,165);
INSERT INTO deliveries VALUES('cd447e35b8b648fe842e3d437204e52d','alert:2:update:3','update','sent','#support',2,NULL,'high','2026-11-09 08:43:00.000000','2026-11-09 08:43:00.000000',1,'2026-11-09 08:43:02.000000',0,'2026-11-09 08:43:02.000000','1794212400.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('cd613e30d8f14adf91b7584a2265b1f5','alert:1:card','card','sent','#praise',1,NULL,'praise','2026-11-09 08:00:00.000000','2026-11-09 08:00:00.000000',1,'2026-11-09 08:00:00.000000',0,'2026-11-09 08:00:00.000000','1794211200.000000','C0PRAISE1','',0,NULL);
INSERT INTO deliveries VALUES('cdaaac43936a440cacc66a576518093d','alert:6:update:3','update','sent','#support',6,NULL,'normal','2026-11-11 12:10:06.000000','2026-11-11 12:10:06.000000',1,'2026-11-11 12:10:08.000000',0,'2026-11-11 12:10:08.000000','1794391266.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('cdf8440407294e4299901c0475491bc3','event:36','entry','sent','#support',5,NULL,'normal','2026-11-11 10:01:00.000000','2026-11-11 10:01:00.000000',1,'2026-11-11 10:01:05.000000',0,'2026-11-11 10:01:05.000000','1794391265.000000','C0SUPPORT','',0,36);
INSERT INTO deliveries VALUES('ceb52fc3b5d44e45bc969920d8fe4338','alert:46:update:3','update','sent','#support',46,NULL,'high','2026-11-20 08:54:00.000000','2026-11-20 08:54:00.000000',1,'2026-11-20 08:54:05.000000',0,'2026-11-20 08:54:05.000000','1795163462.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('ceea590b05374b76b85c1b333ebebe3e','event:90','entry','sent','#support',4,NULL,'normal','2026-11-12 09:05:00.000000','2026-11-12 09:05:00.000000',1,'2026-11-12 09:05:03.000000',0,'2026-11-12 09:05:03.000000','1794474303.000000','C0SUPPORT','',0,90);
INSERT INTO deliveries VALUES('cf39efd70e2a46418b83da502fcf9616','event:186','entry','sent','#support',27,NULL,'normal','2026-11-18 08:00:00.000000','2026-11-18 08:00:00.000000',1,'2026-11-18 08:00:04.333333',0,'2026-11-18 08:00:04.333333','1794988804.333333','C0SUPPORT','',0,186);
INSERT INTO deliveries VALUES('cf80f75148b74541b46f3293621d1733','alert:13:update:9','update','sent','#support',13,NULL,'high','2026-11-14 09:05:00.000000','2026-11-14 09:05:00.000000',1,'2026-11-14 09:05:03.000000',0,'2026-11-14 09:05:03.000000','1794474300.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('cfa6cf3e53e640939b87872d336b1a45','event:60','entry','sent','#support',6,NULL,'normal','2026-11-11 12:41:00.000000','2026-11-11 12:41:00.000000',1,'2026-11-11 12:41:00.000000',0,'2026-11-11 12:41:00.000000','1794400860.000000','C0SUPPORT','',0,60);
INSERT INTO deliveries VALUES('d17f6494e8c242198afd2973f8633958','event:76','entry','sent','#support',7,NULL,'normal','2026-11-11 15:40:00.000000','2026-11-11 15:40:00.000000',1,'2026-11-11 15:40:01.000000',0,'2026-11-11 15:40:01.000000','1794411601.000000','C0SUPPORT','',0,76);
INSERT INTO deliveries VALUES('d265bcd71ebb4ef78a70103f0168e969','event:248','entry','sent','#support',48,NULL,'high','2026-11-20 09:02:00.000000','2026-11-20 09:02:00.000000',1,'2026-11-20 09:02:01.000000',0,'2026-11-20 09:02:01.000000','1795165321.000000','C0SUPPORT','',0,248);
INSERT INTO deliveries VALUES('d3005630e1494837a8fa361a6661b877','event:200','entry','sent','#support',28,NULL,'normal','2026-11-18 14:00:00.000000','2026-11-18 14:00:00.000000',1,'2026-11-18 14:00:04.000000',0,'2026-11-18 14:00:04.000000','1795010404.000000','C0SUPPORT','',0,200);
INSERT INTO deliveries VALUES('d3f21dcc2be84b46b5fa6dd891fde85c','alert:9:update:3','update','sent','#support',9,NULL,'normal','2026-11-11 12:10:16.000000','2026-11-11 12:10:16.000000',1,'2026-11-11 12:10:18.000000',0,'2026-11-11 12:10:18.000000','1794395161.333333','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('d50e00978b7149cdad39eb43ad9cedde','alert:8:update:3','update','sent','#support',8,NULL,'normal','2026-11-11 12:10:02.000000','2026-11-11 12:10:02.000000',1,'2026-11-11 12:10:04.000000',0,'2026-11-11 12:10:04.000000','1794391270.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('d5ae305b83ac4b7eb59641d21b5c56d3','event:98','entry','sent','#support',13,NULL,'high','2026-11-12 10:10:00.000000','2026-11-12 10:10:00.000000',1,'2026-11-12 10:10:01.000000',0,'2026-11-12 10:10:01.000000','1794478201.000000','C0SUPPORT','',0,98);
INSERT INTO deliveries VALUES('d69871bca4ab4eecb7a6437bd9c2b0cf','alert:49:card','card','sent','#support',49,NULL,'normal','2026-11-20 08:31:10.000000','2026-11-20 08:31:10.000000',1,'2026-11-20 08:54:03.000000',0,'2026-11-20 08:54:03.000000','1795164843.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('d707107e855c4844a9e821a4c74803e3','alert:3:update:4','update','sent','#support',3,NULL,'urgent','2026-11-10 09:01:03.000000','2026-11-10 09:01:03.000000',1,'2026-11-10 09:01:05.000000',0,'2026-11-10 09:01:05.000000','1794301260.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('d73ecd63d0644cf9929c03b0b9cf3dde','alert:49:update:3','update','sent','#support',49,NULL,'normal','2026-11-20 08:54:07.000000','2026-11-20 08:54:07.000000',1,'2026-11-20 08:54:11.000000',0,'2026-11-20 08:54:11.000000','1795164843.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('d765194f6cc14eaf981437224dc232a6','event:228','entry','sent','#praise',44,NULL,'praise','2026-11-19 12:05:00.000000','2026-11-19 12:05:00.000000',1,'2026-11-19 12:05:01.666666',0,'2026-11-19 12:05:01.666666','1795089901.666666','C0PRAISE1','',0,228);
INSERT INTO deliveries VALUES('d85328b6be774448a8b09a933dcdb856','event:74','entry','sent','#support',12,NULL,'normal','2026-11-11 15:31:00.000000','2026-11-11 15:31:00.000000',1,'2026-11-11 15:31:00.000000',0,'2026-11-11 15:31:00.000000','1794411060.000000','C0SUPPORT','',0,74);
INSERT INTO deliveries VALUES('d910ddd762154679a38a59aa51cfa14e','event:199','entry','sent','#support',27,NULL,'normal','2026-11-18 14:00:00.000000','2026-11-18 14:00:00.000000',1,'2026-11-18 14:00:03.000000',0,'2026-11-18 14:00:03.000000','1795010403.000000','C0SUPPORT','',0,199);
INSERT INTO deliveries VALUES('da71144896c84a19a4b2d2bc815a47c5','event:16','entry','sent','#support',2,NULL,'high','2026-11-09 14:30:00.000000','2026-11-09 14:30:00.000000',1,'2026-11-09 14:30:02.000000',0,'2026-11-09 14:30:02.000000','1794234602.000000','C0SUPPORT','',0,16);
INSERT INTO deliveries VALUES('dae720b2cf034d219c7a4beeca84ebca','event:139','entry','sent','#support',21,NULL,'normal','2026-11-13 11:45:01.000000','2026-11-13 11:45:01.000000',1,'2026-11-13 11:45:02.000000',0,'2026-11-13 11:45:02.000000','1794570302.000000','C0SUPPORT','',0,139);
INSERT INTO deliveries VALUES('dbeef77adcd64029b80587f07e465b19','alert:13:update:3','update','sent','#support',13,NULL,'high','2026-11-12 10:10:00.000000','2026-11-12 10:10:00.000000',1,'2026-11-12 10:10:05.000000',0,'2026-11-12 10:10:05.000000','1794474300.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('de1bf0cd8afc4beea4264c9ffade312d','event:83','entry','sent','#support',9,NULL,'normal','2026-11-12 09:05:00.000000','2026-11-12 09:05:00.000000',1,'2026-11-12 09:05:06.000000',0,'2026-11-12 09:05:06.000000','1794474306.000000','C0SUPPORT','',0,83);
INSERT INTO deliveries VALUES('de518343e63e43d69a0dbc7807d11b6b','event:178','entry','sent','#support',2,NULL,'high','2026-11-17 11:31:00.000000','2026-11-17 11:33:00.000000',2,'2026-11-17 11:33:00.000000',0,'2026-11-17 11:33:00.000000','1794915180.000000','C0SUPPORT','',1,178);
INSERT INTO deliveries VALUES('defd56702a664259bb798e9ba03a1915','alert:17:update:7','update','sent','#legal',17,NULL,'urgent','2026-11-18 08:00:00.000000','2026-11-18 08:00:00.000000',1,'2026-11-18 08:00:02.000000',0,'2026-11-18 08:00:02.000000','1794485100.000000','C0LEGAL01','',0,NULL);
INSERT INTO deliveries VALUES('e0463f9f83a84a4ea176a3cac53482ec','event:245','entry','sent','#support',47,NULL,'high','2026-11-20 08:54:07.000000','2026-11-20 08:54:07.000000',1,'2026-11-20 08:54:08.000000',0,'2026-11-20 08:54:08.000000','1795164848.000000','C0SUPPORT','',0,245);
INSERT INTO deliveries VALUES('e1018cc5920f4663b57d6f2ec4e199a1','event:141','entry','sent','#support',14,NULL,'normal','2026-11-14 09:05:00.000000','2026-11-14 09:05:00.000000',1,'2026-11-14 09:05:00.000000',0,'2026-11-14 09:05:00.000000','1794647100.000000','C0SUPPORT','',0,141);
INSERT INTO deliveries VALUES('e49df6bb803a45069136bf628758ff4d','event:111','entry','sent','#support',13,NULL,'high','2026-11-12 12:05:00.000000','2026-11-12 12:05:00.000000',1,'2026-11-12 12:05:01.333333',0,'2026-11-12 12:05:01.333333','1794485101.333333','C0SUPPORT','',0,111);
INSERT INTO deliveries VALUES('e4b06ce6074147a8bce42c8218072e8c','event:3','entry','sent','#praise',1,NULL,'praise','2026-11-09 08:20:00.000000','2026-11-09 08:20:00.000000',1,'2026-11-09 08:20:00.333333',0,'2026-11-09 08:20:00.333333','1794212400.333333','C0PRAISE1','',0,3);
INSERT INTO deliveries VALUES('e539d34d20d14b7daa0cb6f5717f5eed','alert:43:card','card','sent','#support',43,NULL,'normal','2026-11-19 12:00:00.000000','2026-11-19 12:00:00.000000',1,'2026-11-19 12:05:00.333333',0,'2026-11-19 12:05:00.333333','1795089900.333333','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('e5446dd4552b42f6be3edc0a1ef2a4f0','event:12','entry','sent','#support',2,NULL,'high','2026-11-09 13:32:00.000000','2026-11-09 13:32:00.000000',1,'2026-11-09 13:32:01.000000',0,'2026-11-09 13:32:01.000000','1794231121.000000','C0SUPPORT','',0,12);
INSERT INTO deliveries VALUES('e54e1ad1f4cf4336a41e9e8dc89b69d3','alert:45:card','card','sent','#support',45,NULL,'high','2026-11-19 21:02:45.000000','2026-11-19 21:02:45.000000',1,'2026-11-20 08:31:00.000000',0,'2026-11-20 08:31:00.000000','1795163460.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('e585552fac954ab592c9357d34accd78','alert:6:update:4','update','sent','#support',6,NULL,'normal','2026-11-11 12:40:02.000000','2026-11-11 12:40:02.000000',1,'2026-11-11 12:40:04.000000',0,'2026-11-11 12:40:04.000000','1794391266.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('e592067375304db79d43d1ffecd1345e','event:70','entry','sent','#support',11,NULL,'normal','2026-11-11 15:20:00.000000','2026-11-11 15:20:00.000000',1,'2026-11-11 15:20:03.000000',0,'2026-11-11 15:20:03.000000','1794410403.000000','C0SUPPORT','',0,70);
INSERT INTO deliveries VALUES('e61bacebdd90485bbe5d933d991ba3ce','alert:47:update:3','update','sent','#support',47,NULL,'high','2026-11-20 08:54:00.000000','2026-11-20 08:54:00.000000',1,'2026-11-20 08:54:06.000000',0,'2026-11-20 08:54:06.000000','1795163464.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('e66743dc5e3c4d969721c6e50597ebc1','event:240','entry','sent','#support',49,NULL,'normal','2026-11-20 08:54:00.000000','2026-11-20 08:54:00.000000',1,'2026-11-20 08:54:04.000000',0,'2026-11-20 08:54:04.000000','1795164844.000000','C0SUPPORT','',0,240);
INSERT INTO deliveries VALUES('e69bae29f6524008b7b4000bd1c51f86','event:55','entry','sent','#support',10,NULL,'normal','2026-11-11 12:10:14.000000','2026-11-11 12:10:14.000000',1,'2026-11-11 12:10:15.000000',0,'2026-11-11 12:10:15.000000','1794399015.000000','C0SUPPORT','',0,55);
INSERT INTO deliveries VALUES('e8c7a01d68814fda88b7cc6b99c61aa8','event:132','entry','sent','#support',20,NULL,'normal','2026-11-13 11:10:02.000000','2026-11-13 11:10:02.000000',1,'2026-11-13 11:40:01.000000',0,'2026-11-13 11:40:01.000000','1794570001.000000','C0SUPPORT','',0,132);
INSERT INTO deliveries VALUES('e8e5b4617589482b9a702cfa93ea5c4e','alert:2:update:15','update','sent','#support',2,NULL,'high','2026-11-11 09:01:00.000000','2026-11-11 09:01:00.000000',1,'2026-11-11 09:01:02.000000',0,'2026-11-11 09:01:02.000000','1794212400.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('e90c0722d4a74958b2fe7205132ba600','alert:33:update:2','update','merged','#support',33,'8e65e4cfd0a440dabf11dc91b6a3ce92','normal','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',0,NULL,0,NULL,'','','',0,NULL);
INSERT INTO deliveries VALUES('e9901243175a4163a31a7b190d8509db','event:221','entry','sent','#support',13,NULL,'high','2026-11-19 11:20:00.000000','2026-11-19 11:20:00.000000',1,'2026-11-19 11:20:00.000000',0,'2026-11-19 11:20:00.000000','1795087200.000000','C0SUPPORT','',0,221);
INSERT INTO deliveries VALUES('e9a1a2588b624cba9dfe36f1acf424d9','alert:48:update:3','update','sent','#support',48,NULL,'high','2026-11-20 08:54:00.000000','2026-11-20 08:54:00.000000',1,'2026-11-20 08:54:07.000000',0,'2026-11-20 08:54:07.000000','1795163466.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('ea190b2a58064a9d8c31406deea3d685','event:62','entry','sent','#support',5,NULL,'normal','2026-11-11 13:00:00.000000','2026-11-11 13:00:00.000000',1,'2026-11-11 13:00:00.000000',0,'2026-11-11 13:00:00.000000','1794402000.000001','C0SUPPORT','',0,62);
INSERT INTO deliveries VALUES('eaf5c033a5cd45e79cf3d1797e0750ea','alert:22:update:7','update','sent','#support',22,NULL,'normal','2026-11-16 09:02:00.000000','2026-11-16 09:02:00.000000',1,'2026-11-16 09:02:04.000000',0,'2026-11-16 09:02:04.000000','1794564303.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('eb7fec926c934d1a8951d454e14e939a','event:218','entry','sent','#legal',40,NULL,'urgent','2026-11-19 10:10:00.000000','2026-11-19 10:10:00.000000',1,'2026-11-19 10:10:00.000000',0,'2026-11-19 10:10:00.000000','1795083000.000000','C0LEGAL01','',0,218);
INSERT INTO deliveries VALUES('ec148cb48e734a47aa90a8f0d66b829e','alert:2:update:8','update','sent','#support',2,NULL,'high','2026-11-09 10:32:00.000000','2026-11-09 10:32:00.000000',1,'2026-11-09 10:32:02.000000',0,'2026-11-09 10:32:02.000000','1794212400.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('ee1b8cc470354a27aba1a9d3a61a59e3','alert:18:update:3','update','sent','#legal',18,NULL,'urgent','2026-11-12 12:05:08.333333','2026-11-12 12:05:08.333333',1,'2026-11-12 12:05:10.333333',0,'2026-11-12 12:05:10.333333','1794485102.000000','C0LEGAL01','',0,NULL);
INSERT INTO deliveries VALUES('eef208450af548d2a1013eefd733230a','alert:39:card','card','sent','#support',39,NULL,'high','2026-11-18 20:00:00.000000','2026-11-18 20:00:00.000000',1,'2026-11-18 20:00:01.000000',0,'2026-11-18 20:00:01.000000','1795032001.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('effe76e068b143c984546026d5a7eb2e','alert:26:card','card','sent','#support',26,NULL,'normal','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',1,'2026-11-17 09:10:06.000000',0,'2026-11-17 09:10:06.000000','1794906606.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('f08b56528ac34bbda953e9e8868f8154','event:250','entry','sent','#support',46,NULL,'high','2026-11-20 09:20:00.000000','2026-11-20 09:20:00.000000',1,'2026-11-20 09:20:00.000000',0,'2026-11-20 09:20:00.000000','1795166400.000000','C0SUPPORT','',0,250);
INSERT INTO deliveries VALUES('f0dfb4a5d8a044dfbfd63116e1ea24c4','event:15','entry','sent','#support',2,NULL,'high','2026-11-09 14:00:02.000000','2026-11-09 14:00:02.000000',1,'2026-11-09 14:30:01.000000',0,'2026-11-09 14:30:01.000000','1794234601.000000','C0SUPPORT','',0,15);
INSERT INTO deliveries VALUES('f1a9a658de0f49a7bc35612e4a8d15d8','event:65','entry','sent','#support',8,NULL,'normal','2026-11-11 14:01:00.000000','2026-11-11 14:01:00.000000',1,'2026-11-11 14:01:00.000000',0,'2026-11-11 14:01:00.000000','1794405660.000000','C0SUPPORT','',0,65);
INSERT INTO deliveries VALUES('f320cd576d14475bb49aae908fb5262c','alert:8:card','card','sent','#support',8,NULL,'normal','2026-11-11 10:01:00.000000','2026-11-11 10:01:00.000000',1,'2026-11-11 10:01:10.000000',0,'2026-11-11 10:01:10.000000','1794391270.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('f3c64af775a8429482cd789a380208a9','alert:2:update:7','update','sent','#support',2,NULL,'high','2026-11-09 10:30:00.000000','2026-11-09 10:30:00.000000',1,'2026-11-09 10:30:02.000000',0,'2026-11-09 10:30:02.000000','1794212400.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('f463b337d20b4d599b610487c89da11b','alert:5:card','card','sent','#support',5,NULL,'normal','2026-11-11 10:01:00.000000','2026-11-11 10:01:00.000000',1,'2026-11-11 10:01:04.000000',0,'2026-11-11 10:01:04.000000','1794391264.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('f48fe7d3199748f3adb924d87e0b6723','alert:27:update:3','update','sent','#support',27,NULL,'normal','2026-11-18 08:00:00.000000','2026-11-18 08:00:00.000000',1,'2026-11-18 08:00:12.333333',0,'2026-11-18 08:00:12.333333','1794906608.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('f5bb9188b80549e9890b20bb257e8454','alert:2:update:20','update','sent','#support',2,NULL,'high','2026-11-11 12:10:00.000000','2026-11-11 12:10:00.000000',1,'2026-11-11 12:10:02.000000',0,'2026-11-11 12:10:02.000000','1794212400.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('f5e4c4bb3094454081a38311755d3871','event:247','entry','sent','#support',46,NULL,'high','2026-11-20 09:02:00.000000','2026-11-20 09:02:00.000000',1,'2026-11-20 09:02:00.000000',0,'2026-11-20 09:02:00.000000','1795165320.000000','C0SUPPORT','',0,247);
INSERT INTO deliveries VALUES('f6f62c28e9274b48af62e63a1a5356b5','alert:7:update:5','update','sent','#support',7,NULL,'normal','2026-11-11 15:31:02.000000','2026-11-11 15:31:02.000000',1,'2026-11-11 15:40:00.000000',0,'2026-11-11 15:40:00.000000','1794391268.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('f72f2bb835864ca7ba0b85188296f5ea','event:46','entry','sent','#support',10,NULL,'normal','2026-11-11 11:06:00.000000','2026-11-11 11:06:00.000000',1,'2026-11-11 11:06:04.333333',0,'2026-11-11 11:06:04.333333','1794395164.333333','C0SUPPORT','',0,46);
INSERT INTO deliveries VALUES('f78047cfd78847cc9ded54fdc69806ea','event:128','entry','sent','#support',20,NULL,'normal','2026-11-13 10:05:00.000000','2026-11-13 10:05:00.000000',1,'2026-11-13 10:05:05.000000',0,'2026-11-13 10:05:05.000000','1794564305.000000','C0SUPPORT','',0,128);
INSERT INTO deliveries VALUES('f86668c16d0548189450085b63a029a5','alert:31:card','card','merged','#support',31,'8e65e4cfd0a440dabf11dc91b6a3ce92','normal','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',0,NULL,0,NULL,'','','',0,NULL);
INSERT INTO deliveries VALUES('f8ecae24b89b42f99c546496be47cc7a','event:219','entry','sent','#support',42,NULL,'normal','2026-11-19 10:10:02.000000','2026-11-19 10:10:02.000000',1,'2026-11-19 10:10:02.333333',0,'2026-11-19 10:10:02.333333','1795083002.333333','C0SUPPORT','',0,219);
INSERT INTO deliveries VALUES('f9341c68966b4ea188beab134da98f1d','alert:2:update:13','update','sent','#support',2,NULL,'high','2026-11-09 14:00:02.000000','2026-11-09 14:00:02.000000',1,'2026-11-09 14:30:00.000000',0,'2026-11-09 14:30:00.000000','1794212400.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('f9ef954e6aab4b78aec1754ca57d041e','event:107','entry','sent','#support',10,NULL,'normal','2026-11-12 12:05:00.000000','2026-11-12 12:05:00.000000',1,'2026-11-12 12:05:03.333333',0,'2026-11-12 12:05:03.333333','1794485103.333333','C0SUPPORT','',0,107);
INSERT INTO deliveries VALUES('fa85459d196643bb8fcd69020cd3aee8','event:236','entry','sent','#support',46,NULL,'high','2026-11-20 08:31:00.000000','2026-11-20 08:31:00.000000',1,'2026-11-20 08:31:03.000000',0,'2026-11-20 08:31:03.000000','1795163463.000000','C0SUPPORT','',0,236);
INSERT INTO deliveries VALUES('fca7cb5fbf0548fab1878d5fd739543b','alert:16:update:4','update','sent','#support',16,NULL,'info','2026-11-12 10:10:11.000000','2026-11-12 10:10:11.000000',1,'2026-11-12 10:10:13.000000',0,'2026-11-12 10:10:13.000000','1794474314.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('fcd26dadfcd24f1eb64e172fbea01ca0','alert:27:card','card','sent','#support',27,NULL,'normal','2026-11-17 09:10:00.000000','2026-11-17 09:10:00.000000',1,'2026-11-17 09:10:08.000000',0,'2026-11-17 09:10:08.000000','1794906608.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('fce5d2c6d9e44a519a11494f0a453e8c','alert:46:update:4','update','sent','#support',46,NULL,'high','2026-11-20 09:02:00.000000','2026-11-20 09:02:00.000000',1,'2026-11-20 09:02:02.000000',0,'2026-11-20 09:02:02.000000','1795163462.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('fd983df55c904c2296b1b132bf246424','alert:46:card','card','sent','#support',46,NULL,'high','2026-11-20 08:31:00.000000','2026-11-20 08:31:00.000000',1,'2026-11-20 08:31:02.000000',0,'2026-11-20 08:31:02.000000','1795163462.000000','C0SUPPORT','',0,NULL);
INSERT INTO deliveries VALUES('fe8b2b79bada49478b5230ed2a30363b','alert:20:card','card','sent','#support',20,NULL,'normal','2026-11-13 10:00:00.000000','2026-11-13 10:00:00.000000',1,'2026-11-13 10:05:01.000000',0,'2026-11-13 10:05:01.000000','1794564301.000000','C0SUPPORT','',0,NULL);
CREATE TABLE feedback (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	source_id TEXT NOT NULL, 
	external_id TEXT NOT NULL, 
	content_hash TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	first_seen_at DATETIME NOT NULL, 
	created_at DATETIME, 
	edited_at DATETIME, 
	kind TEXT NOT NULL, 
	title TEXT NOT NULL, 
	body TEXT NOT NULL, 
	markup TEXT NOT NULL, 
	author_name TEXT NOT NULL, 
	author_id TEXT NOT NULL, 
	author_reach BIGINT, 
	url TEXT NOT NULL, 
	thread_id TEXT NOT NULL, 
	parent_id TEXT NOT NULL, 
	language TEXT NOT NULL, 
	rating FLOAT, 
	rating_scale TEXT, 
	score BIGINT, 
	replies BIGINT, 
	app_version TEXT NOT NULL, 
	question TEXT NOT NULL, 
	attributes TEXT NOT NULL, 
	CONSTRAINT uq_feedback_source_id_external_id UNIQUE (source_id, external_id)
);
INSERT INTO feedback VALUES(1,'forum','http://127.0.0.1:47002/p1','f4bc8dc4909b9c31bb296e73e4f72601','2026-11-01 09:00:00.000000','2026-11-09 08:00:00.000000','2026-11-01 09:00:00.000000',NULL,'post','Crash','The app crashes when I scan a voucher','text','gerd','',NULL,'https://forum.acme.example/p1','','','en',NULL,NULL,NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(10,'visits','4','0cc3e55864080de7a268bbd4890cc6ae','2026-11-05 11:00:00.000000','2026-11-09 08:00:00.000000','2026-11-05 11:00:00.000000',NULL,'survey','','','text','Lars','',NULL,'','','','',NULL,NULL,NULL,NULL,'','Wie war Ihr Besuch?','{"branch":"Dresden"}');
INSERT INTO feedback VALUES(11,'nps','n1','1ff9f655f364205622b1576d69b114fe','2026-11-01 10:00:00.000000','2026-11-09 08:00:00.000000','2026-11-01 10:00:00.000000',NULL,'survey','','Too expensive for what it is','text','','',NULL,'','','','',3.0,'nps',NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(12,'nps','n2','c14f7e48ebbf474d403d0601541edd0f','2026-11-02 10:00:00.000000','2026-11-09 08:00:00.000000','2026-11-02 10:00:00.000000',NULL,'survey','','Great value, I recommend it','text','','',NULL,'','','','',10.0,'nps',NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(13,'nps','n3','039820aa456e0fd3b4cff774738115f2','2026-11-03 10:00:00.000000','2026-11-09 08:00:00.000000','2026-11-03 10:00:00.000000',NULL,'survey','','=HYPERLINK("https://evil.example")','text','','',NULL,'','','','',7.0,'nps',NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(14,'nps','n4','2cb5503966a426ac8fed2280f0c5d0c2','2026-11-09 08:00:00.000000','2026-11-09 08:00:00.000000',NULL,NULL,'survey','','No date here','text','','',NULL,'','','','',0.0,'nps',NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(15,'csat','c1','0f202d956e8ac511e8f929911d17cd62','2026-11-05 07:00:00.000000','2026-11-09 08:00:00.000000','2026-11-05 07:00:00.000000',NULL,'ticket','Chat','The agent was kind and quick.','text','Mia','',NULL,'','','','en',5.0,'csat5',NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(16,'csat','c2','03eae2781683dc834f5248ba0f11b6df','2026-11-06 07:00:00.000000','2026-11-09 08:00:00.000000','2026-11-06 07:00:00.000000',NULL,'ticket','Chat','I waited forty minutes and nobody answered.','text','Noah','cust-17',NULL,'','','','',1.0,'csat5',NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(17,'effort','e1','82c453f8f513ab71057eb46b94da4fe8','2026-11-04 07:00:00.000000','2026-11-09 08:00:00.000000','2026-11-04 07:00:00.000000',NULL,'survey','','It was hard to cancel','text','','',NULL,'','','','',2.0,'ces7',NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(18,'effort','e2','04497ea0908b42c5ba1fa3393b6a060b','2026-11-04 08:00:00.000000','2026-11-09 08:00:00.000000','2026-11-04 08:00:00.000000',NULL,'survey','','Easy','text','','',NULL,'','','','',7.0,'ces7',NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(19,'thumbs','t1','cf169665cef8dd0eb73494a84759c5a0','2026-11-04 07:00:00.000000','2026-11-09 08:00:00.000000','2026-11-04 07:00:00.000000',NULL,'survey','','Does not help','text','','',NULL,'','','','',0.0,'thumbs',NULL,NULL,'3.1','','{}');
INSERT INTO feedback VALUES(2,'forum','http://127.0.0.1:47002/p3','059b0787529f783ac01214f525296f2c','2026-11-02 09:00:00.000000','2026-11-09 08:00:00.000000','2026-11-02 09:00:00.000000',NULL,'post','Recommended','I recommend the newsletter, it is never slow','text','','',NULL,'https://forum.acme.example/p3','','','en',NULL,NULL,NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(20,'thumbs','t2','205d8934adc344bd7f6085d2ede8480a','2026-11-04 08:00:00.000000','2026-11-09 08:00:00.000000','2026-11-04 08:00:00.000000',NULL,'survey','','Helps','text','','',NULL,'','','','',1.0,'thumbs',NULL,NULL,'3.1','','{}');
INSERT INTO feedback VALUES(21,'ios','9000000001','605b0958e214a307a7124e0a3e39cba0','2026-11-05 09:00:00.000000','2026-11-09 08:00:00.000000','2026-11-05 09:00:00.000000',NULL,'review','OK','Nice','text','someone','https://itunes.apple.com/us/reviews/id9000000001',NULL,'https://apps.apple.com/us/app/id284882215?see-all=reviews','','','',4.0,'stars5',3,NULL,'1.2','','{"country":"us"}');
INSERT INTO feedback VALUES(22,'reddit','t3_1','dd3f92b6a4b962005f70fb20de6a277d','2026-11-09 08:00:00.000000','2026-11-09 08:00:00.000000','2026-11-09 08:00:00.000000',NULL,'post','Hello','Is this the place for acme questions?','text','jan_k','t2_jan_k',NULL,'https://www.reddit.com/r/acme/comments/1/_/','t3_1','','',NULL,NULL,1,0,'','','{"subreddit":"acme"}');
INSERT INTO feedback VALUES(23,'fediverse','https://social.example/users/kim/statuses/117575044300800000','9c4eb3b83d23d660ff067c6cff1de7b7','2026-11-07 12:00:00.000000','2026-11-09 08:00:00.000000','2026-11-07 12:00:00.000000',NULL,'post','','Lunch at #acme is wonderful','text','kim@social.example','https://social.example/users/kim',41,'https://social.example/@kim/117575044300800000','','','en',NULL,NULL,3,2,'','','{}');
INSERT INTO feedback VALUES(24,'community','1','7ced939122bf6643ecc661b73887da98','2026-11-09 08:00:00.000000','2026-11-09 08:00:00.000000','2026-11-09 08:00:00.000000',NULL,'comment','','How do I change my address?','text','olaf','1',NULL,'http://127.0.0.1:47007/t/this-is-an-uncategorized-title/11/2','11','','',NULL,NULL,0,0,'','','{"topic":"This is an uncategorized title","category":"1","staff":"yes"}');
INSERT INTO feedback VALUES(25,'github','I_acme/widgets_1','063a596b645146bf3d6f1022be005f8a','2026-11-09 08:00:00.000000','2026-11-09 08:00:00.000000','2026-11-09 08:00:00.000000',NULL,'ticket','Widget is slow','It takes a minute, really slow','text','kim','7',NULL,'https://github.com/acme/widgets/issues/1','acme/widgets#1','','',NULL,NULL,NULL,1,'','','{"repository":"acme/widgets","state":"open"}');
INSERT INTO feedback VALUES(26,'github','IC_acme/widgets_1','4fd0ade2bcb86616a55578522b548daf','2026-11-09 08:00:00.000000','2026-11-09 08:00:00.000000','2026-11-09 08:00:00.000000',NULL,'comment','','Same here, laggy on every page','text','kim','7',NULL,'https://github.com/acme/widgets/issues/1#issuecomment-1','acme/widgets#1','','',NULL,NULL,NULL,NULL,'','','{"repository":"acme/widgets"}');
INSERT INTO feedback VALUES(27,'hn','40000000','a74c7ebb14168c42ea1291dc86dc0c08','2026-11-08 12:00:00.000000','2026-11-09 08:00:00.000000','2026-11-08 12:00:00.000000',NULL,'post','Show HN: Acme widgets','We made acme','text','someone','someone',NULL,'https://news.ycombinator.com/item?id=40000000','40000000','','',NULL,NULL,5,2,'','','{}');
INSERT INTO feedback VALUES(28,'forum','http://127.0.0.1:47002/p4','66f615ec044e47225c5f43d4f092454c','2026-11-09 08:20:00.000000','2026-11-09 08:20:00.000000','2026-11-09 08:20:00.000000',NULL,'post','Crash at checkout','The app crashes every time I pay with my card since the last update of it, mail me at gerd@mail.example','text','gerd','',NULL,'https://forum.acme.example/p4','','','en',NULL,NULL,NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(29,'forum','http://127.0.0.1:47002/p5','728450b5ae8a22de5390d867b69706d9','2026-11-09 10:31:00.000000','2026-11-09 10:32:00.000000','2026-11-09 10:31:00.000000',NULL,'post','','the app crashes every time I pay with my card since the last update of it!! gerd, you are right','text','irma','',NULL,'https://forum.acme.example/p5','','','en',NULL,NULL,NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(3,'forum','http://127.0.0.1:47002/p2','4caaf815a74a9f450cb18eb46b7f921f','2026-11-09 08:00:00.000000','2026-11-09 08:00:00.000000',NULL,NULL,'post','','Some day the app crashed, I forgot when','text','hilde','',NULL,'https://forum.acme.example/p2','','','en',NULL,NULL,NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(30,'reddit','t3_2','fb283b82434d3da0d9291d6d36f6fb34','2026-11-10 09:00:00.000000','2026-11-10 09:01:00.000000','2026-11-10 09:00:00.000000',NULL,'post','Down?','The site is down and I cannot log in','text','lea_m','t2_lea_m',NULL,'https://www.reddit.com/r/acme/comments/2/_/','t3_2','','',NULL,NULL,1,0,'','','{"subreddit":"acme"}');
INSERT INTO feedback VALUES(31,'reddit','t3_3','563708ce2b244a28c1b307ea3e2c22e9','2026-11-10 09:20:00.000000','2026-11-10 09:21:00.000000','2026-11-10 09:20:00.000000',NULL,'post','Also down','Still the site is down for me, mo_h','text','mo_h','t2_mo_h',NULL,'https://www.reddit.com/r/acme/comments/3/_/','t3_3','','',NULL,NULL,1,0,'','','{"subreddit":"acme"}');
INSERT INTO feedback VALUES(32,'reddit','t3_4','27582a2acdc3d45ac1f9cc802e1d8f92','2026-11-10 09:24:00.000000','2026-11-10 09:25:00.000000','2026-11-10 09:24:00.000000',NULL,'post','Also down','Still the site is down for me, nils_q','text','nils_q','t2_nils_q',NULL,'https://www.reddit.com/r/acme/comments/4/_/','t3_4','','',NULL,NULL,1,0,'','','{"subreddit":"acme"}');
INSERT INTO feedback VALUES(33,'reddit','t3_5','b9119145df608ac3872167e22a01488a','2026-11-10 09:27:00.000000','2026-11-10 09:28:00.000000','2026-11-10 09:27:00.000000',NULL,'post','Also down','Still the site is down for me, otto_r','text','otto_r','t2_otto_r',NULL,'https://www.reddit.com/r/acme/comments/5/_/','t3_5','','',NULL,NULL,1,0,'','','{"subreddit":"acme"}');
INSERT INTO feedback VALUES(34,'reddit','t1_1','604a637a7f397295bc5ced545d083ad1','2026-11-10 10:20:00.000000','2026-11-10 10:21:00.000000','2026-11-10 10:20:00.000000',NULL,'comment','','site is down is what I read, fine here','text','pia_s','t2_pia_s',NULL,'https://www.reddit.com/r/acme/comments/0/_/1/','t3_0','t3_0','',NULL,NULL,1,NULL,'','','{"subreddit":"acme"}');
INSERT INTO feedback VALUES(35,'forum','http://127.0.0.1:47002/p6','418d1f6479e7078b693f3978f0114dee','2026-11-11 09:00:00.000000','2026-11-11 09:01:00.000000','2026-11-11 09:00:00.000000',NULL,'post','','The app crashes every time I pay with my card since the last update of it','text','knut','',NULL,'https://forum.acme.example/p6','','','en',NULL,NULL,NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(36,'reddit','t3_a','5cebb774e4c672e4bfef1b4f07b44601','2026-11-11 10:00:00.000000','2026-11-11 10:01:00.000000','2026-11-11 10:00:00.000000',NULL,'post','Money waits','I want a refund, case waits, call +49 341 1234567','text','u_user','t2_u_user',NULL,'https://www.reddit.com/r/acme/comments/a/_/','t3_a','','',NULL,NULL,1,0,'','','{"subreddit":"acme"}');
INSERT INTO feedback VALUES(37,'reddit','t3_9','21ee78a1548486f96b05fc4ae6b3c6d0','2026-11-11 10:00:00.000000','2026-11-11 10:01:00.000000','2026-11-11 10:00:00.000000',NULL,'post','Money lost','I want a refund, case lost, call +49 341 1234567','text','t_user','t2_t_user',NULL,'https://www.reddit.com/r/acme/comments/9/_/','t3_9','','',NULL,NULL,1,0,'','','{"subreddit":"acme"}');
INSERT INTO feedback VALUES(38,'reddit','t3_8','0f550f07ccd3da4cba5bff67e3170ac6','2026-11-11 10:00:00.000000','2026-11-11 10:01:00.000000','2026-11-11 10:00:00.000000',NULL,'post','Money locked','I want a refund, case locked, call +49 341 1234567','text','s_user','t2_s_user',NULL,'https://www.reddit.com/r/acme/comments/8/_/','t3_8','','',NULL,NULL,1,0,'','','{"subreddit":"acme"}');
INSERT INTO feedback VALUES(39,'reddit','t3_7','9c4049010a5e982e1353c3e3ad843b73','2026-11-11 10:00:00.000000','2026-11-11 10:01:00.000000','2026-11-11 10:00:00.000000',NULL,'post','Money back','I want a refund, case back, call +49 341 1234567','text','r_user','t2_r_user',NULL,'https://www.reddit.com/r/acme/comments/7/_/','t3_7','','',NULL,NULL,1,0,'','','{"subreddit":"acme"}');
INSERT INTO feedback VALUES(4,'shop-reviews','http://127.0.0.1:47002/s1','b58a8f0795507b0b8ddb213752428587','2026-11-08 11:00:00.000000','2026-11-09 08:00:00.000000','2026-11-08 11:00:00.000000',NULL,'review','Kiosk','The kiosk jammed and the sandwiches were sold out','text','','',NULL,'http://127.0.0.1:47002/s1','','','',2.0,'stars5',NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(40,'reddit','t3_6','abb5bbc78b2d1c44ae7bb18300af1b9d','2026-11-11 10:00:00.000000','2026-11-11 10:01:00.000000','2026-11-11 10:00:00.000000','2026-11-11 14:01:02.000000','post','Money sent','I want a refund, case sent. Edit: they answered','text','q_user','t2_q_user',NULL,'https://www.reddit.com/r/acme/comments/6/_/','t3_6','','',NULL,NULL,1,0,'','','{"subreddit":"acme"}');
INSERT INTO feedback VALUES(41,'reddit','t3_d','ede674a0d27fc23c4bc94b78a81b6e23','2026-11-11 11:05:00.000000','2026-11-11 11:06:00.000000','2026-11-11 11:05:00.000000',NULL,'post','Money unsure','I want a refund, case unsure, call +49 341 1234567','text','y_user','t2_y_user',NULL,'https://www.reddit.com/r/acme/comments/d/_/','t3_d','','',NULL,NULL,1,0,'','','{"subreddit":"acme"}');
INSERT INTO feedback VALUES(42,'reddit','t3_c','e94535ae05ed1afdf781706827cfc7d5','2026-11-11 11:05:00.000000','2026-11-11 11:06:00.000000','2026-11-11 11:05:00.000000',NULL,'post','Money tried','I want a refund, case tried, call +49 341 1234567','text','w_user','t2_w_user',NULL,'https://www.reddit.com/r/acme/comments/c/_/','t3_c','','',NULL,NULL,1,0,'','','{"subreddit":"acme"}');
INSERT INTO feedback VALUES(43,'reddit','t3_b','8e9cff619c55c3f902dba573b006ad04','2026-11-11 11:05:00.000000','2026-11-11 11:06:00.000000','2026-11-11 11:05:00.000000',NULL,'post','Money due','I want a refund, case due, call +49 341 1234567','text','v_user','t2_v_user',NULL,'https://www.reddit.com/r/acme/comments/b/_/','t3_b','','',NULL,NULL,1,0,'','','{"subreddit":"acme"}');
INSERT INTO feedback VALUES(44,'reddit','t1_2','9055b22232b7c086031addadb0fbd203','2026-11-11 12:41:00.000000','2026-11-11 14:01:00.000000','2026-11-11 12:41:00.000000',NULL,'comment','','Dear customer, sorry about sent.','text','AcmeSupport','t2_AcmeSupport',NULL,'https://www.reddit.com/r/acme/comments/6/_/2/','t3_6','t3_6','',NULL,NULL,1,NULL,'','','{"subreddit":"acme"}');
INSERT INTO feedback VALUES(45,'reddit','t1_3','4d25909bd095b29be7f233ce20c1fed6','2026-11-11 14:00:00.000000','2026-11-11 14:01:00.000000','2026-11-11 14:00:00.000000',NULL,'comment','','Nobody ever called me back','text','q_user','t2_q_user',NULL,'https://www.reddit.com/r/acme/comments/0/_/3/','t3_0','t3_0','',NULL,NULL,1,NULL,'','','{"subreddit":"acme"}');
INSERT INTO feedback VALUES(46,'reddit','t3_e','b3f15e9e3ae9845e8dd4699640f9bc04','2026-11-11 15:10:03.000000','2026-11-11 15:20:00.000000','2026-11-11 15:10:03.000000',NULL,'post','Voucher','charged twice for a voucher','text','x_user','t2_x_user',NULL,'https://www.reddit.com/r/acme/comments/e/_/','t3_e','','',NULL,NULL,1,0,'','','{"subreddit":"acme"}');
INSERT INTO feedback VALUES(47,'reddit','t1_4','07053f296bb61f2aa7d15473d8fc0bc8','2026-11-11 15:10:00.000000','2026-11-11 15:20:00.000000','2026-11-11 15:10:00.000000',NULL,'comment','','Dear customer, sorry about lost.','text','AcmeSupport','t2_AcmeSupport',NULL,'https://www.reddit.com/r/acme/comments/9/_/4/','t3_9','t3_9','',NULL,NULL,1,NULL,'','','{"subreddit":"acme"}');
INSERT INTO feedback VALUES(48,'reddit','t1_5','0af47c1bd9e550aca778e08c0cc09de8','2026-11-11 15:30:00.000000','2026-11-11 15:31:00.000000','2026-11-11 15:30:00.000000',NULL,'comment','','We sent you the refund','text','acme_helps','t2_acme_helps',NULL,'https://www.reddit.com/r/acme/comments/e/_/5/','t3_e','t3_e','',NULL,NULL,1,NULL,'','','{"subreddit":"acme"}');
INSERT INTO feedback VALUES(49,'reddit','t3_f','0ef3d3a6e82212fb71c752396b9b5503','2026-11-02 09:00:00.000000','2026-11-11 15:40:01.000000','2026-11-02 09:00:00.000000',NULL,'post','Old','An old refund story','text','jan_k','t2_jan_k',NULL,'https://www.reddit.com/r/acme/comments/f/_/','t3_f','','',NULL,NULL,1,0,'','','{"subreddit":"acme"}');
INSERT INTO feedback VALUES(5,'shop-reviews','http://127.0.0.1:47002/s2','b407528a46a32a16316ef687d83e00d8','2026-11-08 12:00:00.000000','2026-11-09 08:00:00.000000','2026-11-08 12:00:00.000000',NULL,'review','Good','Quick and friendly, wonderful','text','','',NULL,'http://127.0.0.1:47002/s2','','','',5.0,'stars5',NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(50,'ios','9000000002','6e089b8a90e52de3469c26791828d9e5','2026-11-14 09:00:00.000000','2026-11-12 09:05:00.000000','2026-11-14 09:00:00.000000',NULL,'review','Freezes','It freezes and I want my money back','text','someone','https://itunes.apple.com/us/reviews/id9000000002',NULL,'https://apps.apple.com/us/app/id284882215?see-all=reviews','','','',2.0,'stars5',3,NULL,'1.2','','{"country":"us"}');
INSERT INTO feedback VALUES(51,'ios','9000000004','bdae4702848d6f380cbeaefda64ed63a','2026-11-12 09:00:00.000000','2026-11-12 09:05:00.000000','2026-11-12 09:00:00.000000',NULL,'review','Wow','Love it, the best app ever, thank you so much!','text','someone','https://itunes.apple.com/us/reviews/id9000000004',NULL,'https://apps.apple.com/us/app/id284882215?see-all=reviews','','','',5.0,'stars5',3,NULL,'1.2','','{"country":"us"}');
INSERT INTO feedback VALUES(52,'ios','9000000003','7786ed4d1915b2887be24ad1a27450e9','2026-11-12 09:00:00.000000','2026-11-12 09:05:00.000000','2026-11-12 09:00:00.000000',NULL,'review','Voi','Rakastan mutta sovellus ei avaudu ollenkaan, surkea','text','someone','https://itunes.apple.com/us/reviews/id9000000003',NULL,'https://apps.apple.com/de/app/id284882215?see-all=reviews','','','',1.0,'stars5',3,NULL,'1.2','','{"country":"de"}');
INSERT INTO feedback VALUES(53,'hn','40000002','7f4684fb6d7ae73f46f0fe62365dd548','2026-11-12 12:00:00.000000','2026-11-12 12:05:00.000000','2026-11-12 12:00:00.000000',NULL,'comment','','A lawsuit against acme? Hardly','text','zoe','zoe',NULL,'https://news.ycombinator.com/item?id=40000002','1','2','',NULL,NULL,NULL,NULL,'','','{"story":"A story"}');
INSERT INTO feedback VALUES(54,'hn','40000001','b1238f36ab569609488ee7b43b408b7d','2026-11-12 12:00:00.000000','2026-11-12 12:05:00.000000','2026-11-12 12:00:00.000000',NULL,'comment','','Acme will hear from my lawyer','text','yann','yann',NULL,'https://news.ycombinator.com/item?id=40000001','1','2','',NULL,NULL,NULL,NULL,'','','{"story":"A story"}');
INSERT INTO feedback VALUES(55,'desk-app','t1','22728a37b36c80c13246f979552e439c','2026-11-13 10:00:00.000000','2026-11-13 10:00:00.000000','2026-11-13 10:00:00.000000',NULL,'ticket','Order late','My order is late and nobody answers','text','Ada','c-1',NULL,'','k1','','',2.0,'stars5',NULL,NULL,'','','{"plan":"pro"}');
INSERT INTO feedback VALUES(56,'desk-app','t2','17af0bbee86ec4acb73266d1a4315acd','2026-11-13 10:00:00.000000','2026-11-13 10:00:00.000000','2026-11-13 10:00:00.000000',NULL,'ticket','','Still late. Card 4111 1111 1111 1111','text','Ada','c-1',NULL,'','k1','','',1.0,'stars5',NULL,NULL,'','','{"plan":"pro"}');
INSERT INTO feedback VALUES(57,'desk-app','t3','42044e5f82150d68fa789357e90c298d','2026-11-13 10:00:00.000000','2026-11-13 10:00:00.000000','2026-11-13 10:00:00.000000',NULL,'ticket','Box','The box came broken','text','Bo','c-2',NULL,'','k2','','',2.0,'stars5',NULL,NULL,'','','{"plan":"pro"}');
INSERT INTO feedback VALUES(58,'desk-app','t4','fab4737974e59d566c013ae4655e0432','2026-11-13 10:00:00.000000','2026-11-13 10:00:00.000000','2026-11-13 10:00:00.000000',NULL,'ticket','Cold','Cold food again','text','Cy','c-3',NULL,'','k3','','',3.0,'stars5',NULL,NULL,'','','{"plan":"pro"}');
INSERT INTO feedback VALUES(59,'desk-app','t5','d208cc27a101dd25fafed21fd133c0cd','2026-11-13 10:00:00.000000','2026-11-13 10:00:00.000000','2026-11-13 10:00:00.000000',NULL,'ticket','Rude','Rude staff in Dresden','text','Di','c-4',NULL,'','k4','','',1.0,'stars5',NULL,NULL,'','','{"plan":"pro"}');
INSERT INTO feedback VALUES(6,'old-blog','b1','4dd576202d546a4b45eb7fd67b261726','2026-11-02 10:00:00.000000','2026-11-09 08:00:00.000000','2026-11-02 10:00:00.000000',NULL,'post','','Acme moves house','text','','',NULL,'','','','',NULL,NULL,NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(60,'desk-app','t6','89a42632a975d0455f86aed7666d8b96','2026-11-13 11:40:07.000000','2026-11-13 11:40:07.000000','2026-11-13 11:40:07.000000',NULL,'ticket','','Rude again','text','Di','c-4',NULL,'','k4','','',1.0,'stars5',NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(61,'slack-desk','C0SUPPORT/1794819600.000000','7720eb80730dd868b0d8b3327a1918df','2026-11-16 09:00:00.000000','2026-11-16 09:00:00.000000','2026-11-16 09:00:00.000000',NULL,'ticket','','A man at the till wants his money back for a cold soup','text','a man at the till','',NULL,'https://world.slack.com/archives/C0SUPPORT/p1794819600000000','','','',1.0,'stars5',NULL,NULL,'','','{"taken_by":"U0ANNA0001","place":"In person"}');
INSERT INTO feedback VALUES(62,'forum','http://127.0.0.1:47002/p7','c8d411e959fc2a0e66a4be3a7d6a8b1e','2026-11-17 09:00:00.000000','2026-11-17 09:10:00.000000','2026-11-17 09:00:00.000000',NULL,'post','About soup','I want a refund for soup','text','guest0','',NULL,'https://forum.acme.example/p7','','','en',NULL,NULL,NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(63,'forum','http://127.0.0.1:47002/p8','76f6004680f79891229a2a5488090f73','2026-11-17 09:00:01.000000','2026-11-17 09:10:00.000000','2026-11-17 09:00:01.000000',NULL,'post','About bread','I want a refund for bread','text','guest1','',NULL,'https://forum.acme.example/p8','','','en',NULL,NULL,NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(64,'forum','http://127.0.0.1:47002/p9','31ef6fae6e557a25fc0a4d2bd9b3de0e','2026-11-17 09:00:02.000000','2026-11-17 09:10:00.000000','2026-11-17 09:00:02.000000',NULL,'post','About salad','I want a refund for salad','text','guest2','',NULL,'https://forum.acme.example/p9','','','en',NULL,NULL,NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(65,'forum','http://127.0.0.1:47002/p10','31b4230536be313d75eeec50e1242de7','2026-11-17 09:00:03.000000','2026-11-17 09:10:00.000000','2026-11-17 09:00:03.000000',NULL,'post','About coffee','I want a refund for coffee','text','guest3','',NULL,'https://forum.acme.example/p10','','','en',NULL,NULL,NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(66,'forum','http://127.0.0.1:47002/p11','3f62d2e4df7042e9223758e5f35740d5','2026-11-17 09:00:04.000000','2026-11-17 09:10:00.000000','2026-11-17 09:00:04.000000',NULL,'post','About tea','I want a refund for tea','text','guest4','',NULL,'https://forum.acme.example/p11','','','en',NULL,NULL,NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(67,'forum','http://127.0.0.1:47002/p12','64c49e283865876bb4d522c429e08da3','2026-11-17 09:00:05.000000','2026-11-17 09:10:00.000000','2026-11-17 09:00:05.000000',NULL,'post','About cake','I want a refund for cake','text','guest5','',NULL,'https://forum.acme.example/p12','','','en',NULL,NULL,NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(68,'forum','http://127.0.0.1:47002/p13','42fb25c8a824692ed7c0788b42531472','2026-11-17 09:00:06.000000','2026-11-17 09:10:00.000000','2026-11-17 09:00:06.000000',NULL,'post','About juice','I want a refund for juice','text','guest6','',NULL,'https://forum.acme.example/p13','','','en',NULL,NULL,NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(69,'forum','http://127.0.0.1:47002/p14','b972afd6f33ac27b684e942891dab26c','2026-11-17 09:00:07.000000','2026-11-17 09:10:00.000000','2026-11-17 09:00:07.000000',NULL,'post','About pasta','I want a refund for pasta','text','guest7','',NULL,'https://forum.acme.example/p14','','','en',NULL,NULL,NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(7,'visits','1','16eeffd0a9ca0eb1f9519538aa5b88e9','2026-11-02 10:20:00.000000','2026-11-09 08:00:00.000000','2026-11-02 10:20:00.000000',NULL,'survey','','Der Tisch wackelt, sonst gut','text','Ilse','',NULL,'','','','',2.0,'inverted5',NULL,NULL,'','Wie war Ihr Besuch?','{"branch":"Leipzig"}');
INSERT INTO feedback VALUES(70,'forum','http://127.0.0.1:47002/p15','c83d2196bdbb573338a947f415171b74','2026-11-17 09:00:08.000000','2026-11-17 09:10:00.000000','2026-11-17 09:00:08.000000',NULL,'post','About rice','I want a refund for rice','text','guest8','',NULL,'https://forum.acme.example/p15','','','en',NULL,NULL,NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(71,'forum','http://127.0.0.1:47002/p16','86c356409aac38a4763d80d51ea2fde2','2026-11-17 09:00:09.000000','2026-11-17 09:10:00.000000','2026-11-17 09:00:09.000000',NULL,'post','About a very long story a very long story a very long story','I want a refund for a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story a very long story','text','guest9','',NULL,'https://forum.acme.example/p16','','','en',NULL,NULL,NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(72,'forum','http://127.0.0.1:47002/p17','670524738559cfc60bb4da522432cfe0','2026-11-17 09:00:09.000000','2026-11-17 09:10:00.000000','2026-11-17 09:00:09.000000',NULL,'post','<@U0ANNA0001> *bold*','<!channel> refund <https://evil.example|your bank> @here evil =1+1 <script>alert(1)</script>','text','<!here> *eve*','',NULL,'https://forum.acme.example/p17','','','en',NULL,NULL,NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(73,'forum','http://127.0.0.1:47002/p18','cfbb6951ddf4bf6e4e3374b13cafe0b5','2026-11-17 10:20:00.000000','2026-11-17 10:21:00.000000','2026-11-17 10:20:00.000000',NULL,'post','','Another refund, for the juice','text','max','',NULL,'https://forum.acme.example/p18','','','en',NULL,NULL,NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(74,'forum','http://127.0.0.1:47002/p19','ab77e839a70183497b14ace092b27e3a','2026-11-17 11:30:00.000000','2026-11-17 11:31:00.000000','2026-11-17 11:30:00.000000',NULL,'post','','My cashback is missing, refund it','text','nora','',NULL,'https://forum.acme.example/p19','','','en',NULL,NULL,NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(77,'reddit','t1_6','f2e8c03cf1a624135b321218a98201ab','2026-11-11 15:40:00.000000','2026-11-19 09:05:00.000000','2026-11-11 15:40:00.000000',NULL,'comment','','Dear customer, here is your money.','text','AcmeSupport','t2_AcmeSupport',NULL,'https://www.reddit.com/r/acme/comments/7/_/6/','t3_7','t3_7','',NULL,NULL,1,NULL,'','','{"subreddit":"acme"}');
INSERT INTO feedback VALUES(78,'typeform','resp-0','f27040f984fb8a01bedd0cd6f2ebdefe','2026-11-19 12:00:00.000000','2026-11-19 12:00:00.000000','2026-11-19 12:00:00.000000',NULL,'survey','','Slow and rude','text','','',NULL,'','','','',1.0,'nps',NULL,NULL,'','Why?','{"plan":"pro"}');
INSERT INTO feedback VALUES(79,'typeform','resp-1','8d29ab2e6cbe5c0f3daddeccc8f96dc5','2026-11-19 12:00:00.000000','2026-11-19 12:00:00.000000','2026-11-19 12:00:00.000000',NULL,'survey','','Never again','text','','',NULL,'','','','',2.0,'nps',NULL,NULL,'','Why?','{"plan":"pro"}');
INSERT INTO feedback VALUES(8,'visits','2','53b6cd8f64e7ba96f12bb5bb256507bc','2026-11-03 15:05:00.000000','2026-11-09 08:00:00.000000','2026-11-03 15:05:00.000000',NULL,'survey','','Langsame Bedienung und unfreundlich','text','Jens','',NULL,'','','','',5.0,'inverted5',NULL,NULL,'','Wie war Ihr Besuch?','{"branch":"Leipzig"}');
INSERT INTO feedback VALUES(80,'typeform','resp-2','f0b91382e03821ea115257ea13c2b202','2026-11-19 12:00:00.000000','2026-11-19 12:00:00.000000','2026-11-19 12:00:00.000000',NULL,'survey','','Fine, thank you','text','','',NULL,'','','','',9.0,'nps',NULL,NULL,'','Why?','{"plan":"pro"}');
INSERT INTO feedback VALUES(81,'forum','http://127.0.0.1:47002/p20','9f432d79b6704c7195d8e7c8e5a12af9','2026-11-19 12:05:05.000000','2026-11-19 12:31:00.000000','2026-11-19 12:05:05.000000',NULL,'post','','I get the newsletter twice a day','text','rolf','',NULL,'https://forum.acme.example/p20','','','en',NULL,NULL,NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(82,'forum','http://127.0.0.1:47002/p21','f99e97768b83d4e9b12f0ea231427b29','2026-11-19 12:05:05.000000','2026-11-19 12:31:00.000000','2026-11-19 12:05:05.000000',NULL,'post','','Tables wobble at your cafe in Leipzig, otherwise nice','text','susi','',NULL,'https://forum.acme.example/p21','','','en',NULL,NULL,NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(83,'forum','http://127.0.0.1:47002/p22','ba5728541c054e751abc1fa8f683e00b','2026-11-20 08:30:00.000000','2026-11-20 08:31:00.000000','2026-11-20 08:30:00.000000',NULL,'post','Map','App freezes on the map screen whenever I rotate it','text','tim','',NULL,'https://forum.acme.example/p22','','','en',NULL,NULL,NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(84,'forum','http://127.0.0.1:47002/p23','b270cae3b483d554f8e90b13cbbe9090','2026-11-20 08:30:00.000000','2026-11-20 08:31:00.000000','2026-11-20 08:30:00.000000',NULL,'post','Start','The newest app crashes at start on my old phone, +49 341 7654321','text','ute','',NULL,'https://forum.acme.example/p23','','','en',NULL,NULL,NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(85,'forum','http://127.0.0.1:47002/p24','69de02b798464cb976a1b7ec5b0c5154','2026-11-20 08:30:00.000000','2026-11-20 08:31:00.000000','2026-11-20 08:30:00.000000',NULL,'post','Wallet','The wallet page freezes for a minute when I open it','text','yara','',NULL,'https://forum.acme.example/p24','','','en',NULL,NULL,NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(86,'desk-app','t7','336a8762ea17cf90d29e90ea1f3aa899','2026-11-20 08:31:10.000000','2026-11-20 08:31:10.000000','2026-11-20 08:31:10.000000',NULL,'ticket','','Where is my order?','text','Ed','c-5',NULL,'','k5','','',2.0,'stars5',NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(87,'forum','http://127.0.0.1:47002/p25','2f804c0dc578dde7b9dd864879faa6ef','2026-11-20 09:30:00.000000','2026-11-20 09:30:00.000000','2026-11-20 09:30:00.000000',NULL,'post','','Please a refund for the tram ticket','text','veit','',NULL,'https://forum.acme.example/p25','','','en',NULL,NULL,NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(88,'forum','http://127.0.0.1:47002/p26','f004b3f909537ff6e9d83c3508f643c5','2026-11-20 09:30:00.000000','2026-11-20 09:31:00.000000','2026-11-20 09:30:00.000000',NULL,'post','','Please a refund for the bus ticket','text','wim','',NULL,'https://forum.acme.example/p26','','','en',NULL,NULL,NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(89,'forum','http://127.0.0.1:47002/p27','329d1b5afb975c738f1fe64d5dfddec9','2026-11-20 09:31:00.000000','2026-11-20 09:31:00.000000','2026-11-20 09:31:00.000000',NULL,'post','','Please a refund for the boat ticket','text','xaver','',NULL,'https://forum.acme.example/p27','','','en',NULL,NULL,NULL,NULL,'','','{}');
INSERT INTO feedback VALUES(9,'visits','3','79d0aa7e50b7c116f4965deb144bbe19','2026-11-04 08:41:00.000000','2026-11-09 08:00:00.000000','2026-11-04 08:41:00.000000',NULL,'survey','','Alles bestens, danke!','text','Kerstin','',NULL,'','','','',1.0,'inverted5',NULL,NULL,'','Wie war Ihr Besuch?','{"branch":"Dresden"}');
CREATE TABLE forgotten (
	digest TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_forgotten PRIMARY KEY (digest)
);
INSERT INTO forgotten VALUES('6ffa04c4726ff916bd99a0c2fc0b8cde','532b450a5a986a200b180e887be17e08','2026-11-19 11:20:03.000000');
INSERT INTO forgotten VALUES('b7e28d4c5d8c71ee4b6a0739a142cb95','532b450a5a986a200b180e887be17e08','2026-11-19 11:20:03.000000');
CREATE TABLE inbox (
	id INTEGER NOT NULL, 
	source_id TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	received_at DATETIME NOT NULL, 
	headers TEXT NOT NULL, 
	"query" TEXT NOT NULL, 
	body BLOB NOT NULL, 
	attempts INTEGER NOT NULL, 
	error TEXT NOT NULL, 
	due_at DATETIME, 
	done_at DATETIME, 
	CONSTRAINT pk_inbox PRIMARY KEY (id), 
	CONSTRAINT uq_inbox_source_id_digest UNIQUE (source_id, digest)
);
INSERT INTO inbox VALUES(49,'slack:desk','5c6527baa7b23b23321914e92739f958','2026-11-19 10:10:02.000000','{}','{}',X'',0,'',NULL,'2026-11-19 10:10:02.000000');
INSERT INTO inbox VALUES(50,'slack:desk','b2d6d486f987a7c2e78670a8a88c8a37','2026-11-19 10:10:02.000000','{}','{}',X'',0,'',NULL,'2026-11-19 10:10:02.000000');
INSERT INTO inbox VALUES(51,'typeform','event:event-0','2026-11-19 12:00:00.000000','{}','{}',X'',0,'',NULL,'2026-11-19 12:00:00.000000');
INSERT INTO inbox VALUES(52,'typeform','event:event-1','2026-11-19 12:00:00.000000','{}','{}',X'',0,'',NULL,'2026-11-19 12:00:00.000000');
INSERT INTO inbox VALUES(53,'typeform','event:event-2','2026-11-19 12:00:00.000000','{}','{}',X'',0,'',NULL,'2026-11-19 12:00:00.000000');
INSERT INTO inbox VALUES(54,'slack:desk','ac68fb75cf4c21efcd5ecda994d3c72f','2026-11-19 12:05:03.000000','{}','{}',X'',0,'',NULL,'2026-11-19 12:05:03.000000');
INSERT INTO inbox VALUES(55,'slack:desk','a56528f6bc318a0ac63d6a344dea0c41','2026-11-19 12:05:03.000000','{}','{}',X'',0,'',NULL,'2026-11-19 12:05:03.000000');
INSERT INTO inbox VALUES(56,'panel','event:panel-1','2026-11-19 12:31:00.000000','{}','{}',X'7B226576656E745F6964223A202270616E656C2D31222C20226576656E745F74797065223A2022726573706F6E73655F636F6D706C65746564222C20226F626A6563745F6964223A202231222C20227265736F7572636573223A207B227375727665795F6964223A202237227D7D',10,'http://127.0.0.1:47002/panel/v3/surveys/7/responses/1/details?simple=true: the server failed (503)',NULL,NULL);
INSERT INTO inbox VALUES(57,'desk-app','body:330b11e7d4d699ce7c18d2331c2bd1b7a609c277','2026-11-20 08:31:10.000000','{}','{}',X'',0,'',NULL,'2026-11-20 08:31:10.000000');
INSERT INTO inbox VALUES(58,'slack:desk','8ffcfdbd4fcc5d9cc66cc9968866f4e2','2026-11-20 08:54:07.000000','{}','{}',X'',0,'',NULL,'2026-11-20 08:54:07.000000');
INSERT INTO inbox VALUES(59,'slack:desk','dec8a1e54503f75c3e6112e392a4b652','2026-11-20 09:00:00.000000','{}','{}',X'',0,'',NULL,'2026-11-20 09:00:00.000000');
INSERT INTO inbox VALUES(60,'slack:desk','daaff5724dcf656d79bb65b0a2c72ae2','2026-11-20 09:28:00.000000','{}','{}',X'',0,'',NULL,'2026-11-20 09:28:00.000000');
INSERT INTO inbox VALUES(61,'slack:desk','de553e39b1d23b3e7e9912ff9f66f821','2026-11-20 09:28:02.000000','{}','{}',X'',0,'',NULL,'2026-11-20 09:28:02.000000');
INSERT INTO inbox VALUES(62,'slack:desk','c3c06d6e6c0e3c52bf9e15ebd4ffd0df','2026-11-20 09:31:00.000000','{}','{}',X'7B226B696E64223A2022636C69636B222C20226B6579223A2022747269676765722E36373A74616B653A313739353136373036302E303030303030222C2022617070223A20224130574F524C44222C2022706572736F6E223A20225530414E4E4130303031222C20226368616E6E656C223A202243304C4547414C3031222C20226D657373616765223A2022313739343438353130322E303030303030222C202274657874223A2022222C2022617574686F72223A2022222C2022616374696F6E223A207B22616374696F6E5F6964223A202274616B65222C202276616C7565223A202231383A34227D2C202276696577223A207B7D2C202276616C756573223A207B7D2C202274726967676572223A2022747269676765722E3637222C2022616E737765725F75726C223A2022687474703A2F2F3132372E302E302E313A34373030312F616374696F6E732F5430574F524C442F33312F76457367686C7A556F4D507A37555356734F7A6457534B74227D',0,'','2026-11-20 09:31:00.000000',NULL);
INSERT INTO inbox VALUES(63,'slack:desk','e58b24c72e98550539827364cf4ba0b9','2026-11-20 09:31:00.000000','{}','{}',X'7B226B696E64223A20227265616374696F6E222C20226B6579223A20224576303030303030333536222C2022617070223A20224130574F524C44222C2022706572736F6E223A202255304245525430303032222C20226368616E6E656C223A20224330535550504F5254222C20226D657373616765223A2022313739343536343330302E303030303030222C202274657874223A202277686974655F636865636B5F6D61726B222C2022617574686F72223A2022222C2022616374696F6E223A207B7D2C202276696577223A207B7D2C202276616C756573223A207B7D2C202274726967676572223A2022222C2022616E737765725F75726C223A2022227D',0,'','2026-11-20 09:31:00.000000',NULL);
INSERT INTO inbox VALUES(64,'slack:desk','ad16aea740b92687f2c0efcb88d723e6','2026-11-20 09:31:00.000000','{}','{}',X'7B226B696E64223A2022636C69636B222C20226B6579223A2022747269676765722E36383A6D6F72653A313739353136373036302E303030303032222C2022617070223A20224130574F524C44222C2022706572736F6E223A20225530414E4E4130303031222C20226368616E6E656C223A20224330535550504F5254222C20226D657373616765223A2022313739343831393630302E303030303033222C202274657874223A2022222C2022617574686F72223A2022222C2022616374696F6E223A207B22616374696F6E5F6964223A20226D6F7265222C202273656C65637465645F6F7074696F6E223A207B2274657874223A207B2274797065223A2022706C61696E5F74657874222C202274657874223A2022536E6F6F7A652E2E2E222C2022656D6F6A69223A20747275657D2C202276616C7565223A2022736E6F6F7A653A32333A32227D7D2C202276696577223A207B7D2C202276616C756573223A207B7D2C202274726967676572223A2022747269676765722E3638222C2022616E737765725F75726C223A2022687474703A2F2F3132372E302E302E313A34373030312F616374696F6E732F5430574F524C442F33322F5A304F48737A61645A72694B4E3171586F3670526B306465227D',1,'TypeError',NULL,NULL);
INSERT INTO inbox VALUES(65,'panel','event:panel-2','2026-11-20 09:31:00.000000','{}','{}',X'7B226576656E745F6964223A202270616E656C2D32222C20226576656E745F74797065223A2022726573706F6E73655F636F6D706C65746564222C20226F626A6563745F6964223A202232222C20227265736F7572636573223A207B227375727665795F6964223A202237227D7D',1,'http://127.0.0.1:47002/panel/v3/surveys/7/responses/2/details?simple=true: the server failed (503)','2026-11-20 09:32:00.000000',NULL);
CREATE TABLE leases (
	name TEXT NOT NULL, 
	holder TEXT NOT NULL, 
	token BIGINT NOT NULL, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT pk_leases PRIMARY KEY (name)
);
INSERT INTO leases VALUES('publisher','',2,'0001-01-01 00:00:00.000000');
INSERT INTO leases VALUES('sender','watch-1 pid:[4026531836]/4711/0a1b2c3d',1,'2026-11-20 09:32:00.000000');
CREATE TABLE matches (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	feedback_id BIGINT NOT NULL, 
	source_id TEXT NOT NULL, 
	rule_id TEXT NOT NULL, 
	rule_version TEXT NOT NULL, 
	severity TEXT NOT NULL, 
	live BOOLEAN NOT NULL, 
	outcome TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	alert_id INTEGER, 
	clauses TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT fk_matches_alert_id_alerts FOREIGN KEY(alert_id) REFERENCES alerts (id), 
	CONSTRAINT uq_matches_feedback_id_rule_id UNIQUE (feedback_id, rule_id)
);
INSERT INTO matches VALUES(1,1,'forum','crash','d5fd6146','high',1,'suppressed','older than 36 h',NULL,'[["text","says \"Crash\", \"crashes\"",["Crash","crashes"]],["age","was written 7.96 days ago",[]]]','2026-11-09 08:00:00.000000');
INSERT INTO matches VALUES(10,12,'nps','thanks','bb741795','praise',1,'suppressed','older than 36 h',NULL,'[["sentiment","is positive (+1.00)",[]],["stars","has 4 stars or more (5)",[]]]','2026-11-09 08:00:00.000000');
INSERT INTO matches VALUES(11,14,'nps','low-score','34f4d77f','normal',1,'suppressed','no date, and first contact with its source',NULL,'[["stars","has 2 stars or fewer (1)",[]],["source","is a survey from nps",[]]]','2026-11-09 08:00:00.000000');
INSERT INTO matches VALUES(12,15,'csat','thanks','bb741795','praise',1,'suppressed','older than 36 h',NULL,'[["sentiment","is positive (+1.00)",[]],["stars","has 4 stars or more (5)",[]]]','2026-11-09 08:00:00.000000');
INSERT INTO matches VALUES(13,16,'csat','trial-slow','90c44efc','high',0,'suppressed','older than 36 h',NULL,'[["problem","is a problem with 98%",[]]]','2026-11-09 08:00:00.000000');
INSERT INTO matches VALUES(14,17,'effort','low-score','34f4d77f','normal',1,'suppressed','older than 36 h',NULL,'[["stars","has 2 stars or fewer (1.67)",[]],["source","is a survey from effort",[]]]','2026-11-09 08:00:00.000000');
INSERT INTO matches VALUES(15,18,'effort','thanks','bb741795','praise',1,'suppressed','older than 36 h',NULL,'[["sentiment","is positive (+1.00)",[]],["stars","has 4 stars or more (5)",[]]]','2026-11-09 08:00:00.000000');
INSERT INTO matches VALUES(16,19,'thumbs','trial-slow','90c44efc','high',0,'suppressed','older than 36 h',NULL,'[["problem","is a problem with 98%",[]]]','2026-11-09 08:00:00.000000');
INSERT INTO matches VALUES(17,19,'thumbs','low-score','34f4d77f','normal',1,'suppressed','older than 36 h',NULL,'[["stars","has 2 stars or fewer (1)",[]],["source","is a survey from thumbs",[]]]','2026-11-09 08:00:00.000000');
INSERT INTO matches VALUES(18,20,'thumbs','thanks','bb741795','praise',1,'suppressed','older than 36 h',NULL,'[["sentiment","is positive (+1.00)",[]],["stars","has 4 stars or more (5)",[]]]','2026-11-09 08:00:00.000000');
INSERT INTO matches VALUES(19,25,'github','trial-slow','90c44efc','high',0,'opened','says "slow"',NULL,'[["text","says \"slow\"",["slow"]]]','2026-11-09 08:00:00.000000');
INSERT INTO matches VALUES(2,2,'forum','trial-slow','90c44efc','high',0,'suppressed','older than 36 h',NULL,'[["text","says \"slow\"",["slow"]]]','2026-11-09 08:00:00.000000');
INSERT INTO matches VALUES(20,26,'github','trial-slow','90c44efc','high',0,'opened','says "laggy"',NULL,'[["text","says \"laggy\"",["laggy"]]]','2026-11-09 08:00:00.000000');
INSERT INTO matches VALUES(21,28,'forum','crash','d5fd6146','high',1,'opened','says "Crash", "crashes" and was written 0 seconds ago',2,'[["text","says \"Crash\", \"crashes\"",["Crash","crashes"]],["age","was written 0 seconds ago",[]]]','2026-11-09 08:20:00.000000');
INSERT INTO matches VALUES(22,28,'forum','trial-slow','90c44efc','high',0,'opened','is a problem with 98%',NULL,'[["problem","is a problem with 98%",[]]]','2026-11-09 08:20:00.000000');
INSERT INTO matches VALUES(23,29,'forum','crash','d5fd6146','high',1,'grouped','grouped into alert 2',2,'[["text","says \"crashes\"",["crashes"]],["age","was written 1 minute ago",[]]]','2026-11-09 10:32:00.000000');
INSERT INTO matches VALUES(24,29,'forum','trial-slow','90c44efc','high',0,'opened','is a problem with 98%',NULL,'[["problem","is a problem with 98%",[]]]','2026-11-09 10:32:00.000000');
INSERT INTO matches VALUES(25,30,'reddit','outage','4558ca47','urgent',1,'opened','shows outage: "site is down" and says "site is down", "cannot log in"',3,'[["signal","shows outage: \"site is down\"",["site is down"]],["text","says \"site is down\", \"cannot log in\"",["site is down","cannot log in"]]]','2026-11-10 09:01:00.000000');
INSERT INTO matches VALUES(26,31,'reddit','outage','4558ca47','urgent',1,'grouped','grouped into alert 3',3,'[["signal","shows outage: \"site is down\"",["site is down"]],["text","says \"site is down\"",["site is down"]]]','2026-11-10 09:21:00.000000');
INSERT INTO matches VALUES(27,32,'reddit','outage','4558ca47','urgent',1,'grouped','grouped into alert 3',3,'[["signal","shows outage: \"site is down\"",["site is down"]],["text","says \"site is down\"",["site is down"]]]','2026-11-10 09:25:00.000000');
INSERT INTO matches VALUES(28,33,'reddit','outage','4558ca47','urgent',1,'grouped','grouped into alert 3',3,'[["signal","shows outage: \"site is down\"",["site is down"]],["text","says \"site is down\"",["site is down"]]]','2026-11-10 09:28:00.000000');
INSERT INTO matches VALUES(29,34,'reddit','outage','4558ca47','urgent',1,'suppressed','cooldown until 2026-11-10 11:01 UTC after alert 3',NULL,'[["signal","shows outage: \"site is down\"",["site is down"]],["text","says \"site is down\"",["site is down"]]]','2026-11-10 10:21:00.000000');
INSERT INTO matches VALUES(3,2,'forum','recommendation','2ef3083f','normal',0,'suppressed','older than 36 h',NULL,'[["text","says \"Recommended\", \"recommend\"",["Recommended","recommend"]]]','2026-11-09 08:00:00.000000');
INSERT INTO matches VALUES(30,35,'forum','crash','d5fd6146','high',1,'reopened','the same came back after alert 2 was resolved: says "crashes" and was written 1 minute ago',2,'[["text","says \"crashes\"",["crashes"]],["age","was written 1 minute ago",[]]]','2026-11-11 09:01:00.000000');
INSERT INTO matches VALUES(31,35,'forum','trial-slow','90c44efc','high',0,'opened','is a problem with 98%',NULL,'[["problem","is a problem with 98%",[]]]','2026-11-11 09:01:00.000000');
INSERT INTO matches VALUES(32,36,'reddit','refund','d309ed24','normal',1,'opened','says "refund"',4,'[["text","says \"refund\"",["refund"]]]','2026-11-11 10:01:00.000000');
INSERT INTO matches VALUES(33,37,'reddit','refund','d309ed24','normal',1,'opened','says "refund"',5,'[["text","says \"refund\"",["refund"]]]','2026-11-11 10:01:00.000000');
INSERT INTO matches VALUES(34,38,'reddit','refund','d309ed24','normal',1,'opened','says "refund"',6,'[["text","says \"refund\"",["refund"]]]','2026-11-11 10:01:00.000000');
INSERT INTO matches VALUES(35,39,'reddit','refund','d309ed24','normal',1,'opened','says "Money back", "refund"',7,'[["text","says \"Money back\", \"refund\"",["Money back","refund"]]]','2026-11-11 10:01:00.000000');
INSERT INTO matches VALUES(36,40,'reddit','refund','d309ed24','normal',1,'opened','says "refund"',8,'[["text","says \"refund\"",["refund"]]]','2026-11-11 10:01:00.000000');
INSERT INTO matches VALUES(37,41,'reddit','refund','d309ed24','normal',1,'opened','says "refund"',9,'[["text","says \"refund\"",["refund"]]]','2026-11-11 11:06:00.000000');
INSERT INTO matches VALUES(38,42,'reddit','refund','d309ed24','normal',1,'opened','says "refund"',10,'[["text","says \"refund\"",["refund"]]]','2026-11-11 11:06:00.000000');
INSERT INTO matches VALUES(39,43,'reddit','refund','d309ed24','normal',1,'opened','says "refund"',11,'[["text","says \"refund\"",["refund"]]]','2026-11-11 11:06:00.000000');
INSERT INTO matches VALUES(4,2,'forum','newsletter','7c568009','info',1,'suppressed','older than 36 h',NULL,'[["text","says \"newsletter\"",["newsletter"]]]','2026-11-09 08:00:00.000000');
INSERT INTO matches VALUES(40,46,'reddit','refund','d309ed24','normal',1,'opened','says "charged twice"',12,'[["text","says \"charged twice\"",["charged twice"]]]','2026-11-11 15:20:00.000000');
INSERT INTO matches VALUES(41,48,'reddit','refund','d309ed24','normal',1,'suppressed','written by an account of our own',NULL,'[["text","says \"refund\"",["refund"]]]','2026-11-11 15:31:00.000000');
INSERT INTO matches VALUES(42,49,'reddit','refund','d309ed24','normal',1,'suppressed','history that was read in never alerts',NULL,'[["text","says \"refund\"",["refund"]]]','2026-11-11 15:40:01.000000');
INSERT INTO matches VALUES(43,50,'ios','crash','d5fd6146','high',1,'opened','says "Freezes" and was written 5 minutes ago',13,'[["text","says \"Freezes\"",["Freezes"]],["age","was written 5 minutes ago",[]]]','2026-11-12 09:05:00.000000');
INSERT INTO matches VALUES(44,50,'ios','trial-slow','90c44efc','high',0,'opened','is a problem with 100%',NULL,'[["problem","is a problem with 100%",[]]]','2026-11-12 09:05:00.000000');
INSERT INTO matches VALUES(45,50,'ios','refund','d309ed24','normal',1,'opened','says "money back"',14,'[["text","says \"money back\"",["money back"]]]','2026-11-12 09:05:00.000000');
INSERT INTO matches VALUES(46,51,'ios','thanks','bb741795','praise',1,'opened','is positive (+1.00) and has 4 stars or more (5)',15,'[["sentiment","is positive (+1.00)",[]],["stars","has 4 stars or more (5)",[]]]','2026-11-12 09:05:00.000000');
INSERT INTO matches VALUES(47,52,'ios','unread','accd0647','info',1,'opened','has 2 stars or fewer (1) and is a review from ios',16,'[["stars","has 2 stars or fewer (1)",[]],["source","is a review from ios",[]]]','2026-11-12 09:05:00.000000');
INSERT INTO matches VALUES(48,53,'hn','legal','b32eeb97','urgent',1,'opened','says "lawsuit"',17,'[["text","says \"lawsuit\"",["lawsuit"]]]','2026-11-12 12:05:00.000000');
INSERT INTO matches VALUES(49,54,'hn','legal','b32eeb97','urgent',1,'opened','says "lawyer"',18,'[["text","says \"lawyer\"",["lawyer"]]]','2026-11-12 12:05:00.000000');
INSERT INTO matches VALUES(5,5,'shop-reviews','thanks','bb741795','praise',1,'opened','is positive (+1.00) and has 4 stars or more (5)',1,'[["sentiment","is positive (+1.00)",[]],["stars","has 4 stars or more (5)",[]]]','2026-11-09 08:00:00.000000');
INSERT INTO matches VALUES(50,55,'desk-app','trial-slow','90c44efc','high',0,'opened','is a problem with 99%',NULL,'[["problem","is a problem with 99%",[]]]','2026-11-13 10:00:00.000000');
INSERT INTO matches VALUES(51,55,'desk-app','shop-trouble','adb4f9e3','normal',1,'opened','is a ticket from desk-app and has 3 stars or fewer (2)',19,'[["source","is a ticket from desk-app",[]],["stars","has 3 stars or fewer (2)",[]]]','2026-11-13 10:00:00.000000');
INSERT INTO matches VALUES(52,56,'desk-app','shop-trouble','adb4f9e3','normal',1,'grouped','grouped into alert 19',19,'[["source","is a ticket from desk-app",[]],["stars","has 3 stars or fewer (1)",[]]]','2026-11-13 10:00:00.000000');
INSERT INTO matches VALUES(53,57,'desk-app','shop-trouble','adb4f9e3','normal',1,'opened','is a ticket from desk-app and has 3 stars or fewer (2)',20,'[["source","is a ticket from desk-app",[]],["stars","has 3 stars or fewer (2)",[]]]','2026-11-13 10:00:00.000000');
INSERT INTO matches VALUES(54,58,'desk-app','shop-trouble','adb4f9e3','normal',1,'opened','is a ticket from desk-app and has 3 stars or fewer (3)',21,'[["source","is a ticket from desk-app",[]],["stars","has 3 stars or fewer (3)",[]]]','2026-11-13 10:00:00.000000');
INSERT INTO matches VALUES(55,59,'desk-app','trial-slow','90c44efc','high',0,'opened','is a problem with 99%',NULL,'[["problem","is a problem with 99%",[]]]','2026-11-13 10:00:00.000000');
INSERT INTO matches VALUES(56,59,'desk-app','shop-trouble','adb4f9e3','normal',1,'opened','is a ticket from desk-app and has 3 stars or fewer (1)',22,'[["source","is a ticket from desk-app",[]],["stars","has 3 stars or fewer (1)",[]]]','2026-11-13 10:00:00.000000');
INSERT INTO matches VALUES(57,60,'desk-app','trial-slow','90c44efc','high',0,'opened','is a problem with 100%',NULL,'[["problem","is a problem with 100%",[]]]','2026-11-13 11:40:07.000000');
INSERT INTO matches VALUES(58,60,'desk-app','shop-trouble','adb4f9e3','normal',1,'grouped','grouped into alert 22',22,'[["source","is a ticket from desk-app",[]],["stars","has 3 stars or fewer (1)",[]]]','2026-11-13 11:40:07.000000');
INSERT INTO matches VALUES(59,61,'slack-desk','refund','d309ed24','normal',1,'opened','says "money back"',23,'[["text","says \"money back\"",["money back"]]]','2026-11-16 09:00:00.000000');
INSERT INTO matches VALUES(6,8,'visits','low-score','34f4d77f','normal',1,'suppressed','older than 36 h',NULL,'[["stars","has 2 stars or fewer (1)",[]],["source","is a survey from visits",[]]]','2026-11-09 08:00:00.000000');
INSERT INTO matches VALUES(60,62,'forum','refund','d309ed24','normal',1,'opened','says "refund"',24,'[["text","says \"refund\"",["refund"]]]','2026-11-17 09:10:00.000000');
INSERT INTO matches VALUES(61,63,'forum','refund','d309ed24','normal',1,'opened','says "refund"',25,'[["text","says \"refund\"",["refund"]]]','2026-11-17 09:10:00.000000');
INSERT INTO matches VALUES(62,64,'forum','refund','d309ed24','normal',1,'opened','says "refund"',26,'[["text","says \"refund\"",["refund"]]]','2026-11-17 09:10:00.000000');
INSERT INTO matches VALUES(63,65,'forum','refund','d309ed24','normal',1,'opened','says "refund"',27,'[["text","says \"refund\"",["refund"]]]','2026-11-17 09:10:00.000000');
INSERT INTO matches VALUES(64,66,'forum','refund','d309ed24','normal',1,'opened','says "refund"',28,'[["text","says \"refund\"",["refund"]]]','2026-11-17 09:10:00.000000');
INSERT INTO matches VALUES(65,67,'forum','refund','d309ed24','normal',1,'opened','says "refund"',29,'[["text","says \"refund\"",["refund"]]]','2026-11-17 09:10:00.000000');
INSERT INTO matches VALUES(66,68,'forum','refund','d309ed24','normal',1,'opened','says "refund"',30,'[["text","says \"refund\"",["refund"]]]','2026-11-17 09:10:00.000000');
INSERT INTO matches VALUES(67,69,'forum','refund','d309ed24','normal',1,'opened','says "refund"',31,'[["text","says \"refund\"",["refund"]]]','2026-11-17 09:10:00.000000');
INSERT INTO matches VALUES(68,70,'forum','refund','d309ed24','normal',1,'opened','says "refund"',32,'[["text","says \"refund\"",["refund"]]]','2026-11-17 09:10:00.000000');
INSERT INTO matches VALUES(69,71,'forum','refund','d309ed24','normal',1,'opened','says "refund"',33,'[["text","says \"refund\"",["refund"]]]','2026-11-17 09:10:00.000000');
INSERT INTO matches VALUES(7,9,'visits','thanks','bb741795','praise',1,'suppressed','older than 36 h',NULL,'[["sentiment","is positive (+1.00)",[]],["stars","has 4 stars or more (5)",[]]]','2026-11-09 08:00:00.000000');
INSERT INTO matches VALUES(70,72,'forum','refund','d309ed24','normal',1,'opened','says "refund"',34,'[["text","says \"refund\"",["refund"]]]','2026-11-17 09:10:00.000000');
INSERT INTO matches VALUES(71,73,'forum','refund','d309ed24','normal',1,'opened','says "refund"',35,'[["text","says \"refund\"",["refund"]]]','2026-11-17 10:21:00.000000');
INSERT INTO matches VALUES(72,74,'forum','refund','d309ed24','normal',1,'opened','says "refund"',36,'[["text","says \"refund\"",["refund"]]]','2026-11-17 11:31:00.000000');
INSERT INTO matches VALUES(73,75,'reddit','legal','b32eeb97','urgent',1,'opened','',40,'[]','2026-11-19 09:05:00.000000');
INSERT INTO matches VALUES(74,75,'reddit','refund','d309ed24','normal',1,'opened','',41,'[]','2026-11-19 09:05:00.000000');
INSERT INTO matches VALUES(75,76,'reddit','refund','d309ed24','normal',1,'opened','',42,'[]','2026-11-19 09:05:00.000000');
INSERT INTO matches VALUES(76,78,'typeform','trial-slow','90c44efc','high',0,'opened','says "Slow" and is a problem with 100%',NULL,'[["text","says \"Slow\"",["Slow"]],["problem","is a problem with 100%",[]]]','2026-11-19 12:00:00.000000');
INSERT INTO matches VALUES(77,78,'typeform','low-score','34f4d77f','normal',1,'opened','has 2 stars or fewer (1.17) and is a survey from typeform',43,'[["stars","has 2 stars or fewer (1.17)",[]],["source","is a survey from typeform",[]]]','2026-11-19 12:00:00.000000');
INSERT INTO matches VALUES(78,79,'typeform','trial-slow','90c44efc','high',0,'opened','is a problem with 99%',NULL,'[["problem","is a problem with 99%",[]]]','2026-11-19 12:00:00.000000');
INSERT INTO matches VALUES(79,79,'typeform','low-score','34f4d77f','normal',1,'grouped','grouped into alert 43',43,'[["stars","has 2 stars or fewer (1.33)",[]],["source","is a survey from typeform",[]]]','2026-11-19 12:00:00.000000');
INSERT INTO matches VALUES(8,11,'nps','low-score','34f4d77f','normal',1,'suppressed','older than 36 h',NULL,'[["stars","has 2 stars or fewer (1.5)",[]],["source","is a survey from nps",[]]]','2026-11-09 08:00:00.000000');
INSERT INTO matches VALUES(80,80,'typeform','thanks','bb741795','praise',1,'opened','is positive (+0.75) and has 4 stars or more (4.5)',44,'[["sentiment","is positive (+0.75)",[]],["stars","has 4 stars or more (4.5)",[]]]','2026-11-19 12:00:00.000000');
INSERT INTO matches VALUES(81,81,'forum','newsletter','7c568009','info',1,'suppressed','muted by user:U0CARLA003 until 2026-11-30 10:10 UTC',NULL,'[["text","says \"newsletter\"",["newsletter"]]]','2026-11-19 12:31:00.000000');
INSERT INTO matches VALUES(82,83,'forum','crash','d5fd6146','high',1,'opened','says "freezes" and was written 1 minute ago',46,'[["text","says \"freezes\"",["freezes"]],["age","was written 1 minute ago",[]]]','2026-11-20 08:31:00.000000');
INSERT INTO matches VALUES(83,84,'forum','crash','d5fd6146','high',1,'opened','says "crashes" and was written 1 minute ago',47,'[["text","says \"crashes\"",["crashes"]],["age","was written 1 minute ago",[]]]','2026-11-20 08:31:00.000000');
INSERT INTO matches VALUES(84,85,'forum','crash','d5fd6146','high',1,'opened','says "freezes" and was written 1 minute ago',48,'[["text","says \"freezes\"",["freezes"]],["age","was written 1 minute ago",[]]]','2026-11-20 08:31:00.000000');
INSERT INTO matches VALUES(85,86,'desk-app','shop-trouble','adb4f9e3','normal',1,'opened','is a ticket from desk-app and has 3 stars or fewer (2)',49,'[["source","is a ticket from desk-app",[]],["stars","has 3 stars or fewer (2)",[]]]','2026-11-20 08:31:10.000000');
INSERT INTO matches VALUES(86,87,'forum','refund','d309ed24','normal',1,'opened','says "refund"',50,'[["text","says \"refund\"",["refund"]]]','2026-11-20 09:30:00.000000');
INSERT INTO matches VALUES(87,88,'forum','refund','d309ed24','normal',1,'opened','says "refund"',51,'[["text","says \"refund\"",["refund"]]]','2026-11-20 09:31:00.000000');
INSERT INTO matches VALUES(88,89,'forum','refund','d309ed24','normal',1,'opened','says "refund"',52,'[["text","says \"refund\"",["refund"]]]','2026-11-20 09:31:00.000000');
INSERT INTO matches VALUES(9,12,'nps','recommendation','2ef3083f','normal',0,'suppressed','older than 36 h',NULL,'[["text","says \"recommend\"",["recommend"]]]','2026-11-09 08:00:00.000000');
CREATE TABLE mutes (
	rule_id TEXT NOT NULL, 
	until DATETIME NOT NULL, 
	actor TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_mutes PRIMARY KEY (rule_id)
);
INSERT INTO mutes VALUES('newsletter','2026-11-30 10:10:00.000000','user:U0CARLA003','2026-11-16 10:10:00.000000');
INSERT INTO mutes VALUES('wobble','2026-11-20 08:00:00.000000','user:U0CARLA003','2026-11-19 20:00:00.000000');
CREATE TABLE replies (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	alert_id INTEGER NOT NULL, 
	feedback_id BIGINT NOT NULL, 
	source_id TEXT NOT NULL, 
	text TEXT NOT NULL, 
	state TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	via TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	decided_by TEXT NOT NULL, 
	not_before DATETIME, 
	attempts INTEGER NOT NULL, 
	attempted_at DATETIME, 
	probes INTEGER NOT NULL, 
	looks INTEGER NOT NULL, 
	url TEXT NOT NULL, 
	external_id TEXT NOT NULL, 
	error TEXT NOT NULL, 
	CONSTRAINT fk_replies_alert_id_alerts FOREIGN KEY(alert_id) REFERENCES alerts (id)
);
INSERT INTO replies VALUES(1,8,40,'reddit','Dear customer, sorry about sent.','published','user:U0ANNA0001','slack:modal','2026-11-11 12:10:02.000000','user:U0CARLA003',NULL,1,'2026-11-11 12:41:00.000000',0,0,'https://www.reddit.com/r/acme/comments/6/_/2/','t1_2','');
INSERT INTO replies VALUES(10,14,50,'ios','Hi, please write to help@acme.example.','copied','user:U0BERT0002','slack:modal','2026-11-12 10:10:07.000000','',NULL,0,NULL,0,0,'','','');
INSERT INTO replies VALUES(11,42,76,'reddit','','copied','user:U0ANNA0001','slack:modal','2026-11-19 10:10:02.000000','',NULL,0,NULL,0,0,'','','');
INSERT INTO replies VALUES(2,7,39,'reddit','Dear customer, sorry about back.','rejected','user:U0ANNA0001','slack:modal','2026-11-11 12:10:04.000000','user:U0CARLA003',NULL,0,NULL,0,0,'','','');
INSERT INTO replies VALUES(3,6,38,'reddit','Dear customer, sorry about locked.','failed','user:U0ANNA0001','slack:modal','2026-11-11 12:10:06.000000','user:U0CARLA003',NULL,1,'2026-11-11 12:41:00.000000',0,0,'','','Reddit does not take the comment (THREAD_LOCKED: Comments are locked.)');
INSERT INTO replies VALUES(4,5,37,'reddit','Dear customer, sorry about lost.','published','user:U0ANNA0001','slack:modal','2026-11-11 12:10:08.000000','user:U0CARLA003',NULL,2,'2026-11-11 15:10:00.000000',0,0,'https://www.reddit.com/r/acme/comments/9/_/4/','t1_4','');
INSERT INTO replies VALUES(5,4,36,'reddit','Dear customer, sorry about waits.','proposed','user:U0ANNA0001','slack:modal','2026-11-11 12:10:10.000000','',NULL,0,NULL,0,0,'','','');
INSERT INTO replies VALUES(6,11,43,'reddit','Dear customer, sorry about due.','approved','user:U0ANNA0001','slack:modal','2026-11-11 12:10:12.000000','user:U0CARLA003','2026-11-20 09:28:02.000000',0,NULL,0,0,'','','');
INSERT INTO replies VALUES(7,10,42,'reddit','Dear customer, sorry about tried.','attempting','user:U0ANNA0001','slack:modal','2026-11-11 12:10:14.000000','user:U0CARLA003','2026-11-20 09:28:04.000000',1,'2026-11-20 09:28:04.000000',0,0,'','','');
INSERT INTO replies VALUES(8,9,41,'reddit','Dear customer, sorry about unsure.','uncertain','user:U0ANNA0001','slack:modal','2026-11-11 12:10:16.000000','user:U0CARLA003','2026-11-20 09:21:00.000000',1,'2026-11-20 09:00:02.000000',0,2,'','','Reddit failed (503); tried again later');
INSERT INTO replies VALUES(9,7,39,'reddit','Dear customer, here is your money.','published','user:U0BERT0002','slack:modal','2026-11-11 15:31:02.000000','',NULL,1,'2026-11-11 15:40:00.000000',0,0,'https://www.reddit.com/r/acme/comments/7/_/6/','t1_6','');
CREATE TABLE rule_versions (
	rule_id TEXT NOT NULL, 
	version TEXT NOT NULL, 
	definition TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_rule_versions PRIMARY KEY (rule_id, version)
);
INSERT INTO rule_versions VALUES('alternative','69234cd7','{"id":"alternative","name":"Looks for an alternative","severity":"info","all":[{"text":"      \"looking for an alternative\" OR \"looking for alternatives\" OR \"any alternatives\" OR \"any good alternatives\" OR\n      \"better alternative*\" OR \"recommend something else\" OR \"recommend an alternative\" OR \"what else is there\"\n    "}]}','2026-11-09 07:59:00.000000');
INSERT INTO rule_versions VALUES('angry-reach','1060c591','{"id":"angry-reach","name":"Negative post with a large audience","severity":"high","group_by":["author"],"cooldown":"12h","acknowledge_within":"1h","all":[{"sentiment":"negative"},{"author":{"min_reach":10000}}]}','2026-11-09 07:59:00.000000');
INSERT INTO rule_versions VALUES('boycott','a1b20a2e','{"id":"boycott","mode":"off"}','2026-11-09 07:59:00.000000');
INSERT INTO rule_versions VALUES('crash','d5fd6146','{"id":"crash","name":"The app crashes","severity":"high","mention":"<!subteam^S0SUPPORT1>","group_by":["text"],"acknowledge_within":"30m","respond_within":"4h","resolve_within":"2d","working_hours":true,"reopen_within":"5d","escalate":[{"after":"45m","mention":"<@U0CARLA003>"},{"after":"2h","mention":"@here","channel":"#support-leads"}],"all":[{"text":"crash* OR freez*"},{"age":{"newer_than":"10d"}}],"none":[{"text":"beta NEAR/3 crash*"}]}','2026-11-09 07:59:00.000000');
INSERT INTO rule_versions VALUES('legal','b32eeb97','{"id":"legal","name":"Threatens with law","severity":"urgent","channel":"#legal","group_by":["feedback"],"acknowledge_within":"1h","resolve_within":"7d","any":[{"text":"lawyer OR lawsuit OR Anwalt"}]}','2026-11-09 07:59:00.000000');
INSERT INTO rule_versions VALUES('low-score','34f4d77f','{"id":"low-score","name":"Bad marks in a survey","severity":"normal","group_by":["source"],"cooldown":"3d","reopen_within":"0s","all":[{"stars":{"max":2}},{"source":{"kind":"survey"}}]}','2026-11-09 07:59:00.000000');
INSERT INTO rule_versions VALUES('newsletter','7c568009','{"id":"newsletter","name":"Newsletter","severity":"info","group_by":["feedback"],"all":[{"text":"newsletter"}]}','2026-11-09 07:59:00.000000');
INSERT INTO rule_versions VALUES('outage','4558ca47','{"id":"outage","name":"Nobody can reach us","severity":"urgent","group_by":["rule"],"cooldown":"2h","acknowledge_within":"10m","escalate":[{"after":"15m","mention":"<@U0CARLA003>","channel":"#support-leads"}],"any":[{"signal":"outage"},{"text":"\"site is down\" OR \"cannot log in\""}]}','2026-11-09 07:59:00.000000');
INSERT INTO rule_versions VALUES('press','08611c50','{"id":"press","name":"Press enquiry","severity":"high","acknowledge_within":"1h","all":[{"text":"      \"i''m a journalist\" OR \"i am a journalist\" OR \"i''m a reporter\" OR \"i am a reporter\" OR \"request for comment\" OR\n      \"reached out for comment\" OR \"did not respond to a request\" OR \"declined to comment\" OR \"press enquiry\" OR\n      \"press inquiry\"\n    "}]}','2026-11-09 07:59:00.000000');
INSERT INTO rule_versions VALUES('recommendation','2ef3083f','{"id":"recommendation","mode":"shadow","all":[{"text":"recommend*"}]}','2026-11-09 07:59:00.000000');
INSERT INTO rule_versions VALUES('refund','d309ed24','{"id":"refund","name":"Wants the money back","severity":"normal","group_by":["feedback"],"respond_within":"1d","all":[{"text":"refund* OR \"money back\" OR \"charged twice\""}]}','2026-11-09 07:59:00.000000');
INSERT INTO rule_versions VALUES('shop-trouble','adb4f9e3','{"id":"shop-trouble","name":"A customer of the shop needs help","severity":"normal","group_by":["author","thread"],"all":[{"source":["desk-app"]},{"stars":{"max":3}}]}','2026-11-09 07:59:00.000000');
INSERT INTO rule_versions VALUES('thanks','bb741795','{"id":"thanks","name":"Somebody is happy","severity":"praise","channel":"#praise","group_by":["feedback"],"all":[{"sentiment":{"label":"positive","above":0.6}},{"stars":{"min":4}}]}','2026-11-09 07:59:00.000000');
INSERT INTO rule_versions VALUES('trial-slow','90c44efc','{"id":"trial-slow","name":"Slow, on trial","mode":"shadow","severity":"high","group_by":["source"],"any":[{"text":"slow* OR laggy"},{"problem":{"at_least":0.97}}]}','2026-11-09 07:59:00.000000');
INSERT INTO rule_versions VALUES('unread','accd0647','{"id":"unread","name":"Unhappy, and not in English","severity":"info","group_by":["feedback"],"all":[{"stars":{"max":2}},{"source":{"id":["ios"]}}],"none":[{"text":"the OR it OR is"},{"journey":"unsure"}]}','2026-11-09 07:59:00.000000');
INSERT INTO rule_versions VALUES('very-negative','1c825a03','{"id":"very-negative","mode":"off"}','2026-11-09 07:59:00.000000');
INSERT INTO rule_versions VALUES('wobble','cb7b8df9','{"id":"wobble","name":"Tables wobble","severity":"info","group_by":["feedback"],"all":[{"signal":"wobbly"},{"journey":{"stage":["purchase"],"touchpoint":"physical place"}}]}','2026-11-09 07:59:00.000000');
CREATE TABLE similar_bands (
	band BIGINT NOT NULL, 
	feedback_id INTEGER NOT NULL, 
	CONSTRAINT pk_similar_bands PRIMARY KEY (band, feedback_id)
)
 WITHOUT ROWID

;
INSERT INTO similar_bands VALUES(-2060629445357803863,2);
INSERT INTO similar_bands VALUES(-2144227605194752029,83);
INSERT INTO similar_bands VALUES(-2174265147111395307,83);
INSERT INTO similar_bands VALUES(-2270155315236056429,84);
INSERT INTO similar_bands VALUES(-2399081590593799100,85);
INSERT INTO similar_bands VALUES(-2417938706907971284,83);
INSERT INTO similar_bands VALUES(-2485602909044290137,83);
INSERT INTO similar_bands VALUES(-2515892680382001713,84);
INSERT INTO similar_bands VALUES(-2522412614081571822,85);
INSERT INTO similar_bands VALUES(-2556311283700675496,83);
INSERT INTO similar_bands VALUES(-2969978765528871626,83);
INSERT INTO similar_bands VALUES(-3105472591950750296,50);
INSERT INTO similar_bands VALUES(-31781275734091364,28);
INSERT INTO similar_bands VALUES(-3202182409392581035,28);
INSERT INTO similar_bands VALUES(-3355123785067928507,1);
INSERT INTO similar_bands VALUES(-3654507733476410508,1);
INSERT INTO similar_bands VALUES(-3741027204238066598,2);
INSERT INTO similar_bands VALUES(-3972404909265797469,85);
INSERT INTO similar_bands VALUES(-4225136566608841769,50);
INSERT INTO similar_bands VALUES(-450515526886844477,2);
INSERT INTO similar_bands VALUES(-4891639345717955956,83);
INSERT INTO similar_bands VALUES(-4965785288347393419,1);
INSERT INTO similar_bands VALUES(-5001191491912077110,83);
INSERT INTO similar_bands VALUES(-5027783494535125213,85);
INSERT INTO similar_bands VALUES(-5220984568258494782,84);
INSERT INTO similar_bands VALUES(-5356782092426270387,28);
INSERT INTO similar_bands VALUES(-5377982594858854701,50);
INSERT INTO similar_bands VALUES(-5488456306825219555,2);
INSERT INTO similar_bands VALUES(-5491943304594843920,1);
INSERT INTO similar_bands VALUES(-5709918094085686017,84);
INSERT INTO similar_bands VALUES(-5714779250696306195,2);
INSERT INTO similar_bands VALUES(-5815311760350724866,84);
INSERT INTO similar_bands VALUES(-5956108216782507707,85);
INSERT INTO similar_bands VALUES(-6053619158670786394,1);
INSERT INTO similar_bands VALUES(-6337431588708169596,85);
INSERT INTO similar_bands VALUES(-639453962714396988,28);
INSERT INTO similar_bands VALUES(-6421007027536081743,84);
INSERT INTO similar_bands VALUES(-6488132614084469733,2);
INSERT INTO similar_bands VALUES(-6673196016548705400,50);
INSERT INTO similar_bands VALUES(-6854254826734888693,84);
INSERT INTO similar_bands VALUES(-6919060135463375641,28);
INSERT INTO similar_bands VALUES(-7025479370303536168,83);
INSERT INTO similar_bands VALUES(-7046644945314352008,83);
INSERT INTO similar_bands VALUES(-7167837379631124721,28);
INSERT INTO similar_bands VALUES(-7172291328828756561,83);
INSERT INTO similar_bands VALUES(-7234906268161936034,50);
INSERT INTO similar_bands VALUES(-7519113016849136320,85);
INSERT INTO similar_bands VALUES(-7739083933998641081,2);
INSERT INTO similar_bands VALUES(-8595348035205445842,50);
INSERT INTO similar_bands VALUES(-8966954488647550919,50);
INSERT INTO similar_bands VALUES(-9174026442491613410,84);
INSERT INTO similar_bands VALUES(-920179766407199108,2);
INSERT INTO similar_bands VALUES(1627437058443017474,50);
INSERT INTO similar_bands VALUES(1681844746990914408,83);
INSERT INTO similar_bands VALUES(194585043926721453,85);
INSERT INTO similar_bands VALUES(233546466496274558,84);
INSERT INTO similar_bands VALUES(2356663470221192494,28);
INSERT INTO similar_bands VALUES(2382985891717767149,1);
INSERT INTO similar_bands VALUES(2663016661015468944,28);
INSERT INTO similar_bands VALUES(2701260337409288211,1);
INSERT INTO similar_bands VALUES(3267681878253744013,2);
INSERT INTO similar_bands VALUES(3280623952107551064,50);
INSERT INTO similar_bands VALUES(3346778895125985156,85);
INSERT INTO similar_bands VALUES(3427833311293297353,2);
INSERT INTO similar_bands VALUES(3632445986953211111,84);
INSERT INTO similar_bands VALUES(426655939018293987,85);
INSERT INTO similar_bands VALUES(4267015335513234798,85);
INSERT INTO similar_bands VALUES(4290427480534775311,83);
INSERT INTO similar_bands VALUES(4376584596268202704,85);
INSERT INTO similar_bands VALUES(4432354723523439847,1);
INSERT INTO similar_bands VALUES(4787310717697054432,2);
INSERT INTO similar_bands VALUES(4863597000128894307,1);
INSERT INTO similar_bands VALUES(4971538434909867533,1);
INSERT INTO similar_bands VALUES(502634005649765284,84);
INSERT INTO similar_bands VALUES(5039072115975680200,28);
INSERT INTO similar_bands VALUES(5198853312176703452,50);
INSERT INTO similar_bands VALUES(5223487200002599564,2);
INSERT INTO similar_bands VALUES(5475876277189667798,1);
INSERT INTO similar_bands VALUES(5544551436578161823,85);
INSERT INTO similar_bands VALUES(5591027281061625308,50);
INSERT INTO similar_bands VALUES(5854112307192799257,1);
INSERT INTO similar_bands VALUES(5915586053084280345,50);
INSERT INTO similar_bands VALUES(6131211621976282716,84);
INSERT INTO similar_bands VALUES(6196761477918513585,84);
INSERT INTO similar_bands VALUES(6389042484731041386,2);
INSERT INTO similar_bands VALUES(6520826156945722823,50);
INSERT INTO similar_bands VALUES(6540765720169683967,83);
INSERT INTO similar_bands VALUES(6550946093548704786,1);
INSERT INTO similar_bands VALUES(6553447620913418433,28);
INSERT INTO similar_bands VALUES(6661471161305614509,83);
INSERT INTO similar_bands VALUES(6671030254223219372,85);
INSERT INTO similar_bands VALUES(6678367867708541578,1);
INSERT INTO similar_bands VALUES(7030630660197611626,84);
INSERT INTO similar_bands VALUES(7270251650468658569,2);
INSERT INTO similar_bands VALUES(7609897692776141510,50);
INSERT INTO similar_bands VALUES(761014060645237842,2);
INSERT INTO similar_bands VALUES(7639235429828704376,1);
INSERT INTO similar_bands VALUES(7683364305446684323,83);
INSERT INTO similar_bands VALUES(7695816106079958429,28);
INSERT INTO similar_bands VALUES(7898696747880464861,84);
INSERT INTO similar_bands VALUES(8041538820410194704,84);
INSERT INTO similar_bands VALUES(8045348698415115378,28);
INSERT INTO similar_bands VALUES(8148391496276939695,28);
INSERT INTO similar_bands VALUES(8335089019210257592,28);
INSERT INTO similar_bands VALUES(850421103733451701,85);
INSERT INTO similar_bands VALUES(8594888144790957849,2);
INSERT INTO similar_bands VALUES(8599135600840575418,50);
INSERT INTO similar_bands VALUES(8807727767447743269,50);
INSERT INTO similar_bands VALUES(8830621898513015621,28);
INSERT INTO similar_bands VALUES(8902194961919043978,1);
INSERT INTO similar_bands VALUES(9113053237609942260,28);
INSERT INTO similar_bands VALUES(971079227935872214,85);
CREATE TABLE similar_texts (
	feedback_id INTEGER NOT NULL, 
	fingerprint TEXT NOT NULL, 
	signature BLOB NOT NULL, 
	seen_at DATETIME NOT NULL, 
	CONSTRAINT pk_similar_texts PRIMARY KEY (feedback_id), 
	CONSTRAINT fk_similar_texts_feedback_id_feedback FOREIGN KEY(feedback_id) REFERENCES feedback (id) ON DELETE CASCADE
);
INSERT INTO similar_texts VALUES(1,'1ab1ea2abd21a56c10358e411917d0d5',X'E55EAC030181360E10DA2F0578A1DE17A3CAD803C254220AB9D6360A9A7D2E056394874B1A6886125FE20912309A7B2D892DDC1B8E912F19ED66141AEE159C3E71DDEF2E50DCBB0A6ACD8A30DFC2372FC79FE1617A3BEE2AC1B17E03395CBE09CD449B3CD8B7B0178574FB0773CA254436AF361F486C632F5C83A30661756A0FEBA58D3544A503004AEF480089FB6B233BEB3D092C35F30BAB98642FA1BB011D8295D4188A33F113EDEC4016A4F6F35139BC77053A1FAD03B410FF07953C4304325F4D058AE22123138A5E063EA7DF008E8C021A56D1CE062114BE1194BEE80AEF2E0E4A1AA6F628B3CB8C098A21A12236182D259F740B0F51DBC019D7334517','2026-11-09 08:00:00.000000');
INSERT INTO similar_texts VALUES(2,'861d9c4bf2ace0b9aec7de26ad1cc341',X'ACD3B224498CAE0233C6390EC886CE36A8090727069CB41B69712800ABBE1C52AC0A74028D7C4211F9C9A914BA83FC037CC8F8069595E115DB89790CEF8F560226688119495D6A12909B232CABEAB53BE1BF1C098CFFE03621E19818BFB7E706C5DA79378861E8092FC1EC659ACE750FC6CEF41477651F782795FA46F43FA90A3CD6C733DED77402779BCF48D58D7B0F6C28B310FEBE2A16A8BE2827EDE2051868C92C26A19CA50369E5981DE17F381CD0FD731AFF714A18B5DC1A0B11578F2F07690C11660C170574B58401E9884A1CBE90C725D402F3811D550104F2A8F1245627431247D2D13AA62D734ACC22930EE26DC9223E6D1A0840813E0FF7187E37','2026-11-09 08:00:00.000000');
INSERT INTO similar_texts VALUES(28,'553827ff8c69f957e7326d5f3439e294',X'BE57D5112D94B6021672191D6FC03103ACBBF502F21C2E09C91E360BED65DD0F723E6A05563F3C1384E9FF01F4709D0A82359004966CF406A6280315EB60D60ECCA8E802D25C5800026A480705797906683FC11549D40703387CFD0FFDF6511200F60F04D8B7B0177DA24005CE347D14308A710CF60B77055722140330F826013B4A1A0FCB1C721B42EB0301F3BE4D01ECF805048C89221389586A0EC9B466150888ED114DC591039708E637EF6DD11639BC77056FA96B37B410FF07829FC01477AD5C0849437102138A5E063B4F4E02DFA9440256D1CE06F7C8EB02BAA2E429CA4A1D01F4C48204F1EC9D23692865049762B406ABAFA90331EF5B1AEC3FDB05','2026-11-11 09:01:00.000000');
INSERT INTO similar_texts VALUES(50,'0de0fe7e631515ade9aae536955acc99',X'DD06AB1483FACF0657A0DE080FCBD63D1960B1311A35C100AF7CB200FAF7082CD2BA8D08539932038A3C500F76847C07959FD0391827D7250423621D7DA6170BB68A050AB7ABA50E153711059CF6640B117D9F497A22594E725A1998A0E3F52ECB2D1612ED26F73268176506B4D88D2E939E442C01D52D368B7E990DE9055E14E12A5B031FFCFA42A9AE8B157C24213EFF5C51136C453A4975B1213087BC3107B861321EECB95A064996C10205CB034896256D12DC9C7415D2FA520C4C75CE37CFB6CD07B8F322601F3C1D2345BB4C14E12176419992060A63E43F042E1F8E34B0F2B82E9A8CD80FCE74D11F9E19780419B7A4335E943315D24EA64F803BB712','2026-11-12 09:05:00.000000');
INSERT INTO similar_texts VALUES(83,'69f76ef2b7ee0a5e2c69adf7b6913ba9',X'DDEE150B46075401B25AE3392E05140770C7D55B2269C12563BF1127818EB85667A995211CA5C9054799E33653C2A20066C6FC222D914716B16B960C0B98332754D7751DAF56252CB018BA26F1570A1EA7B7F91A1741AB0A576B540EFEEB7564E3315048DD4EDC2AB3B1F801A7386719B9512C044BDC0E1EB49232179B195E141F0036011C098154883D6616F57C42514ED8CB00BB9F1A2A846E372E2A5F1B006B13860D095DF61FAC508310AA25E6012E7A791354F7190DFE877502B0EEC8117D9B6A09EDECF738E16E9005FB330C06BD096A05F635F327EA2B1C0F3767A5127DD4D22341646A12DAB6FE0308F262066EBD5728BD3F2E4858EE7432B4B7FB10','2026-11-20 08:31:00.000000');
INSERT INTO similar_texts VALUES(84,'bd6363d06e75ad6f7b2377c5666cf3c8',X'A7191908815EB6028D84A805DACE7F0986EC4F01799FD91416D2071F197FF10AF8E4CD18ECEB750051FB7602040E6808892DDC1BD16577146CF4320529E5B910EAD171031FA59905687DD7079E32CC12469F3305C41C410BAA242B029F8657159337E30DE2A10412D134E921672FD20880575D1E07B734017D20D60936F53103C96CFD13EBF8D8105CEC760B209D850AE1817208F7157E0419B05F5C59D0EA0D4835602CD74C2114D1495C078930BD2939BC77058DA45016B410FF077AF99E43D82F610945BEE80263FC9D03699F0405DF597C3A56D1CE069364C900C8674C0154F521181C0954132C9FA5200FBABE11FA6AA73954F78401AF6C5C03F7E5AF10','2026-11-20 08:31:00.000000');
INSERT INTO similar_texts VALUES(85,'eeb914e0bd43b099c488e6dc5a74c89a',X'F6C3B50BE2287417FC8C5C012395CF14CD2CBB0811A5E923BE73010344A31500F228E7001A6886121C05861AA3E74A079CBCF11E039D412EAF62A00A4362480673CEB0208268F707B86F5C0058C49526E98EAA11EF36A909904E9E2B3B4DF601E912521D216A5A04AD5524034593B21936AF361F486C632F5C83A30625DD6C108E77EF3B44A50300DFCE38092EDBA319FFD5640F34DE1A2802D8B9731F97041F0E002601FC42A3064E40230603F3C22422A3D0197E688305E7BB2C00953C43047B2F19066D321C194359361AB0772D085F943F00D2EDCE1C2114BE118D65DD03CCB6F80CB7228441F24EB82A1078F80FC3ED402AFE35C2267F5A681B1148D62D','2026-11-20 08:31:00.000000');
CREATE TABLE source_gaps (
	id INTEGER NOT NULL, 
	source_id TEXT NOT NULL, 
	since DATETIME NOT NULL, 
	until DATETIME, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_source_gaps PRIMARY KEY (id)
);
INSERT INTO source_gaps VALUES(1,'kiosk','2026-11-09 08:00:00.000000',NULL,'http://127.0.0.1:47002/kiosk.rss: no such page (404); check the address');
INSERT INTO source_gaps VALUES(10,'hn','2026-11-12 12:05:00.000000',NULL,'http://127.0.0.1:47009/api/v1/search_by_date?query=%22acme%22&tags=%28story%2Ccomment%29&numericFilters=created_at_i%3E1794483000&hitsPerPage=1000&typoTolerance=false&advancedSyntax=true&attributesToHighlight=%5B%5D: asks to come back in 86400 seconds (429)');
INSERT INTO source_gaps VALUES(2,'shop-reviews','2026-11-09 08:10:00.000000','2026-11-19 08:00:00.000000','http://127.0.0.1:47002/shop.rss: the server failed (500)');
INSERT INTO source_gaps VALUES(3,'old-blog','2026-11-09 08:10:00.000000',NULL,'http://127.0.0.1:47002/blog.json: gone for good (410); remove the source or give it a new address');
INSERT INTO source_gaps VALUES(4,'members','2026-11-09 08:10:00.000000',NULL,'http://127.0.0.1:47002/members.rss?token=***: the site forbids reading this (403); ask its owner for access');
INSERT INTO source_gaps VALUES(5,'ios','2026-11-14 09:05:00.000000',NULL,'storefront ''us'': http://127.0.0.1:47003/us/rss/customerreviews/page=1/id=284882215/sortby=mostrecent/json: asks to come back in 86400 seconds (429)');
INSERT INTO source_gaps VALUES(6,'reddit-search','2026-11-09 08:10:00.000000',NULL,'http://127.0.0.1:47005/search.rss?limit=100&q=acme&sort=new&feed=***&user=kim: asks to come back in 86400 seconds (429)');
INSERT INTO source_gaps VALUES(7,'fediverse','2026-11-09 08:10:00.000000',NULL,'http://127.0.0.1:47006/api/v1/timelines/tag/acme?limit=40&min_id=117574926336000000: asks to come back in 86400 seconds (429)');
INSERT INTO source_gaps VALUES(8,'community','2026-11-09 08:10:00.000000',NULL,'http://127.0.0.1:47007/posts.json: asks to come back in 86400 seconds (429)');
INSERT INTO source_gaps VALUES(9,'github','2026-11-09 08:10:00.000000',NULL,'http://127.0.0.1:47008/repos/acme/widgets/issues?since=2026-11-09T07%3A55%3A00Z&sort=updated&direction=asc&per_page=100&state=all: asks to come back in 86400 seconds (429)');
CREATE TABLE source_hours (
	source_id TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	polls INTEGER NOT NULL, 
	failures INTEGER NOT NULL, 
	items INTEGER NOT NULL, 
	CONSTRAINT pk_source_hours PRIMARY KEY (source_id, at)
);
INSERT INTO source_hours VALUES('community','2026-11-09 08:00:00.000000',2,0,0);
INSERT INTO source_hours VALUES('community','2026-11-19 08:00:00.000000',1,1,0);
INSERT INTO source_hours VALUES('community','2026-11-20 09:00:00.000000',1,1,0);
INSERT INTO source_hours VALUES('csat','2026-11-09 08:00:00.000000',2,0,0);
INSERT INTO source_hours VALUES('csat','2026-11-20 08:00:00.000000',1,0,0);
INSERT INTO source_hours VALUES('desk-app','2026-11-13 10:00:00.000000',5,0,5);
INSERT INTO source_hours VALUES('desk-app','2026-11-13 11:00:00.000000',1,0,1);
INSERT INTO source_hours VALUES('desk-app','2026-11-20 08:00:00.000000',1,0,1);
INSERT INTO source_hours VALUES('effort','2026-11-09 08:00:00.000000',2,0,0);
INSERT INTO source_hours VALUES('effort','2026-11-20 08:00:00.000000',1,0,0);
INSERT INTO source_hours VALUES('fediverse','2026-11-09 08:00:00.000000',2,0,0);
INSERT INTO source_hours VALUES('fediverse','2026-11-19 08:00:00.000000',1,1,0);
INSERT INTO source_hours VALUES('fediverse','2026-11-20 09:00:00.000000',1,1,0);
INSERT INTO source_hours VALUES('forum','2026-11-09 08:00:00.000000',3,0,1);
INSERT INTO source_hours VALUES('forum','2026-11-09 10:00:00.000000',1,0,1);
INSERT INTO source_hours VALUES('forum','2026-11-11 09:00:00.000000',1,0,1);
INSERT INTO source_hours VALUES('forum','2026-11-17 09:00:00.000000',1,0,11);
INSERT INTO source_hours VALUES('forum','2026-11-17 10:00:00.000000',1,0,1);
INSERT INTO source_hours VALUES('forum','2026-11-17 11:00:00.000000',1,0,1);
INSERT INTO source_hours VALUES('forum','2026-11-19 12:00:00.000000',1,0,2);
INSERT INTO source_hours VALUES('forum','2026-11-20 08:00:00.000000',1,0,3);
INSERT INTO source_hours VALUES('forum','2026-11-20 09:00:00.000000',3,0,3);
INSERT INTO source_hours VALUES('github','2026-11-09 08:00:00.000000',2,0,0);
INSERT INTO source_hours VALUES('github','2026-11-19 08:00:00.000000',1,1,0);
INSERT INTO source_hours VALUES('github','2026-11-20 09:00:00.000000',1,1,0);
INSERT INTO source_hours VALUES('hn','2026-11-09 08:00:00.000000',2,0,0);
INSERT INTO source_hours VALUES('hn','2026-11-12 12:00:00.000000',1,0,2);
INSERT INTO source_hours VALUES('hn','2026-11-19 08:00:00.000000',1,1,0);
INSERT INTO source_hours VALUES('hn','2026-11-20 09:00:00.000000',1,1,0);
INSERT INTO source_hours VALUES('ios','2026-11-09 08:00:00.000000',2,0,0);
INSERT INTO source_hours VALUES('ios','2026-11-12 09:00:00.000000',1,0,3);
INSERT INTO source_hours VALUES('ios','2026-11-13 09:00:00.000000',1,0,0);
INSERT INTO source_hours VALUES('ios','2026-11-14 09:00:00.000000',1,0,0);
INSERT INTO source_hours VALUES('ios','2026-11-19 08:00:00.000000',1,1,0);
INSERT INTO source_hours VALUES('ios','2026-11-20 09:00:00.000000',1,1,0);
INSERT INTO source_hours VALUES('kiosk','2026-11-09 08:00:00.000000',2,2,0);
INSERT INTO source_hours VALUES('members','2026-11-09 08:00:00.000000',2,0,0);
INSERT INTO source_hours VALUES('members','2026-11-18 08:00:00.000000',1,1,0);
INSERT INTO source_hours VALUES('members','2026-11-18 14:00:00.000000',1,1,0);
INSERT INTO source_hours VALUES('members','2026-11-18 20:00:00.000000',1,1,0);
INSERT INTO source_hours VALUES('nps','2026-11-09 08:00:00.000000',2,0,0);
INSERT INTO source_hours VALUES('nps','2026-11-20 08:00:00.000000',1,0,0);
INSERT INTO source_hours VALUES('old-blog','2026-11-09 08:00:00.000000',2,0,0);
INSERT INTO source_hours VALUES('old-blog','2026-11-18 08:00:00.000000',1,1,0);
INSERT INTO source_hours VALUES('panel','2026-11-19 12:00:00.000000',5,5,0);
INSERT INTO source_hours VALUES('panel','2026-11-19 13:00:00.000000',2,2,0);
INSERT INTO source_hours VALUES('panel','2026-11-19 14:00:00.000000',1,1,0);
INSERT INTO source_hours VALUES('panel','2026-11-19 16:00:00.000000',1,1,0);
INSERT INTO source_hours VALUES('panel','2026-11-19 21:00:00.000000',2,1,0);
INSERT INTO source_hours VALUES('panel','2026-11-20 09:00:00.000000',1,1,0);
INSERT INTO source_hours VALUES('reddit','2026-11-09 08:00:00.000000',2,0,0);
INSERT INTO source_hours VALUES('reddit','2026-11-10 09:00:00.000000',4,0,4);
INSERT INTO source_hours VALUES('reddit','2026-11-10 10:00:00.000000',1,0,1);
INSERT INTO source_hours VALUES('reddit','2026-11-11 10:00:00.000000',1,0,5);
INSERT INTO source_hours VALUES('reddit','2026-11-11 11:00:00.000000',1,0,3);
INSERT INTO source_hours VALUES('reddit','2026-11-11 14:00:00.000000',1,0,2);
INSERT INTO source_hours VALUES('reddit','2026-11-11 15:00:00.000000',3,0,3);
INSERT INTO source_hours VALUES('reddit','2026-11-19 09:00:00.000000',1,0,3);
INSERT INTO source_hours VALUES('reddit','2026-11-19 11:00:00.000000',1,0,0);
INSERT INTO source_hours VALUES('reddit-search','2026-11-09 08:00:00.000000',2,0,0);
INSERT INTO source_hours VALUES('reddit-search','2026-11-19 08:00:00.000000',1,1,0);
INSERT INTO source_hours VALUES('reddit-search','2026-11-20 09:00:00.000000',1,1,0);
INSERT INTO source_hours VALUES('shop-reviews','2026-11-09 08:00:00.000000',2,0,0);
INSERT INTO source_hours VALUES('shop-reviews','2026-11-18 08:00:00.000000',1,1,0);
INSERT INTO source_hours VALUES('shop-reviews','2026-11-18 14:00:00.000000',1,1,0);
INSERT INTO source_hours VALUES('shop-reviews','2026-11-18 20:00:00.000000',1,1,0);
INSERT INTO source_hours VALUES('shop-reviews','2026-11-19 08:00:00.000000',1,0,0);
INSERT INTO source_hours VALUES('thumbs','2026-11-09 08:00:00.000000',2,0,0);
INSERT INTO source_hours VALUES('thumbs','2026-11-20 08:00:00.000000',1,0,0);
INSERT INTO source_hours VALUES('typeform','2026-11-19 12:00:00.000000',3,0,3);
INSERT INTO source_hours VALUES('visits','2026-11-09 08:00:00.000000',2,0,0);
INSERT INTO source_hours VALUES('visits','2026-11-19 12:00:00.000000',1,0,0);
CREATE TABLE source_states (
	source_id TEXT NOT NULL, 
	cursor TEXT NOT NULL, 
	last_attempt_at DATETIME, 
	last_success_at DATETIME, 
	due_at DATETIME, 
	failures INTEGER NOT NULL, 
	error TEXT NOT NULL, 
	stopped BOOLEAN NOT NULL, 
	rechecked_at DATETIME, 
	CONSTRAINT pk_source_states PRIMARY KEY (source_id)
);
INSERT INTO source_states VALUES('community','{"place": "6f0d9f266e157947dd833786b8a1bfd0", "known": 1, "goal": 0, "before": 0, "pages": 0}','2026-11-20 09:20:00.000000','2026-11-09 08:10:00.000000','2026-11-21 09:20:00.000000',2,'http://127.0.0.1:47007/posts.json: asks to come back in 86400 seconds (429)',0,'2026-11-09 08:00:00.000000');
INSERT INTO source_states VALUES('csat','{"size": 345, "mtime": 1793000000000000000, "options": "140535e4d0b53d77aff263adf3ed204c", "content": "fda2ce28fec8052f5a436535576fe9e4"}','2026-11-20 08:31:00.000000','2026-11-20 08:31:00.000000',NULL,0,'',0,NULL);
INSERT INTO source_states VALUES('desk-app','','2026-11-20 08:31:10.000000','2026-11-20 08:31:10.000000',NULL,0,'',0,NULL);
INSERT INTO source_states VALUES('effort','{"size": 105, "mtime": 1793000000000000000, "options": "56c1934371e6b1750fc39abf3de1ba14", "content": "122d9f015587024dc54be315bb11678c"}','2026-11-20 08:31:00.000000','2026-11-20 08:31:00.000000',NULL,0,'',0,NULL);
INSERT INTO source_states VALUES('fediverse','{"timelines": "1aaeb71faa4433f4288253353e10e985", "places": {"acme": {"newest": "117575044300800000", "at": ""}}}','2026-11-20 09:20:00.000000','2026-11-09 08:10:00.000000','2026-11-21 09:20:00.000000',2,'http://127.0.0.1:47006/api/v1/timelines/tag/acme?limit=40&min_id=117574926336000000: asks to come back in 86400 seconds (429)',0,NULL);
INSERT INTO source_states VALUES('forum','{"etag": "\"26cbd806af33ae82\"", "last_modified": "", "feed": "1870124c901078b3c476b6d89d47bbcb", "read": "d5432786afcb2f0c14d655715870fedd", "ttl": 0.0, "moved_to": "", "moves": 0}','2026-11-20 09:31:00.000000','2026-11-20 09:31:00.000000',NULL,0,'',0,NULL);
INSERT INTO source_states VALUES('github','{"place": "12e39a37693009dad85ef860dd46b456", "marks": {"acme/widgets issues": {"at": "2026-11-09T08:00:00+00:00", "etag": "W/\"6dfb391c6e2e19e5b5cfa5c68577b0cf7fdf34de1b5d07c91f642e82152b0ec5\"", "asked": "738395005a2c9b80320f0db84306e972"}, "acme/widgets issues/comments": {"at": "2026-11-09T08:00:00+00:00", "etag": "W/\"018533e2a452dedfb499d6c5f5d9934e119ef83345218b07d1e0c916648f906d\"", "asked": "e5e5b0b8d2f0c19f6b7945c7905ade9b"}}}','2026-11-20 09:20:00.000000','2026-11-09 08:10:00.000000','2026-11-21 09:20:00.000000',2,'http://127.0.0.1:47008/repos/acme/widgets/issues?since=2026-11-09T07%3A55%3A00Z&sort=updated&direction=asc&per_page=100&state=all: asks to come back in 86400 seconds (429)',0,NULL);
INSERT INTO source_states VALUES('hn','{"search": "e1be9c55b2f01b26df81abbd153c5196", "newest": 1794484800.0}','2026-11-20 09:20:00.000000','2026-11-12 12:05:00.000000','2026-11-21 09:20:00.000000',2,'http://127.0.0.1:47009/api/v1/search_by_date?query=%22acme%22&tags=%28story%2Ccomment%29&numericFilters=created_at_i%3E1794483000&hitsPerPage=1000&typoTolerance=false&advancedSyntax=true&attributesToHighlight=%5B%5D: asks to come back in 86400 seconds (429)',0,NULL);
INSERT INTO source_states VALUES('ios','{"app": "284882215", "newest": {"us": 1794646800.0, "de": 1794474000.0}, "next": "us"}','2026-11-20 09:20:00.000000','2026-11-14 09:05:00.000000','2026-11-21 09:20:00.000000',2,'storefront ''de'': http://127.0.0.1:47003/de/rss/customerreviews/page=1/id=284882215/sortby=mostrecent/json: asks to come back in 86400 seconds (429)',0,NULL);
INSERT INTO source_states VALUES('kiosk','','2026-11-09 08:10:00.000000',NULL,NULL,2,'http://127.0.0.1:47002/kiosk.rss: no such page (404); check the address',0,NULL);
INSERT INTO source_states VALUES('members','{"etag": "\"09e406da1ff1116e\"", "last_modified": "", "feed": "e552d995da2199bada4e1668a2fbcd9c", "read": "b991eca9111e0d2c5c6ab93fc5cdb1ac", "ttl": 0.0, "moved_to": "", "moves": 0}','2026-11-18 20:00:00.000000','2026-11-09 08:10:00.000000',NULL,3,'http://127.0.0.1:47002/members.rss?token=***: the site forbids reading this (403); ask its owner for access',0,NULL);
INSERT INTO source_states VALUES('nps','{"size": 212, "mtime": 1793000000000000000, "options": "12cffe3e4e6b8c37d79dba8301273249", "content": "1a6b43efec75cb29fc693fde39f381b3"}','2026-11-20 08:31:00.000000','2026-11-20 08:31:00.000000',NULL,0,'',0,NULL);
INSERT INTO source_states VALUES('old-blog','{"etag": "\"d539167d49a4b897\"", "last_modified": "", "feed": "b6a25c9cc5d8ff7e33ce85594cfc4888", "read": "8b901d89fd6be05d0e45d773740289cb", "ttl": 0.0, "moved_to": "", "moves": 0}','2026-11-18 08:00:00.000000','2026-11-09 08:10:00.000000',NULL,1,'http://127.0.0.1:47002/blog.json: gone for good (410); remove the source or give it a new address',1,NULL);
INSERT INTO source_states VALUES('panel','','2026-11-20 09:31:00.000000',NULL,NULL,11,'http://127.0.0.1:47002/panel/v3/surveys/7/responses/2/details?simple=true: the server failed (503)',0,NULL);
INSERT INTO source_states VALUES('reddit','{"tick": 15, "posts": 1795078800.0, "comments": 1794411600.0}','2026-11-19 11:20:00.000000','2026-11-19 11:20:00.000000',NULL,0,'',0,'2026-11-19 11:20:00.000000');
INSERT INTO source_states VALUES('reddit-search','{"place": "7a60982a1401831c8ad50e53c1f6eff6", "readings": {"posts": {"known": 1794211200.0, "newest": 1794211200.0, "after": "", "oldest": 0.0, "count": 0, "blanks": 1}}, "last": "posts", "asked": 1794211800.0}','2026-11-20 09:20:00.000000','2026-11-09 08:10:00.000000','2026-11-21 09:20:00.000000',2,'http://127.0.0.1:47005/search.rss?limit=100&q=acme&sort=new&feed=***&user=kim: asks to come back in 86400 seconds (429)',0,NULL);
INSERT INTO source_states VALUES('shop-reviews','{"etag": "\"2a610995ff380b7e\"", "last_modified": "", "feed": "3de124593f97c8df2fd18ea3200d3131", "read": "26085529be979ddc8448197b0f288fa2", "ttl": 0.0, "moved_to": "", "moves": 0}','2026-11-19 08:00:00.000000','2026-11-19 08:00:00.000000',NULL,0,'',0,NULL);
INSERT INTO source_states VALUES('thumbs','{"size": 121, "mtime": 1793000000000000000, "options": "9a81fb3b0dc1c310075f0f707f79786e", "content": "1421fd59669a7f37ee19e5a7b7ed6391"}','2026-11-20 08:31:00.000000','2026-11-20 08:31:00.000000',NULL,0,'',0,NULL);
INSERT INTO source_states VALUES('typeform','','2026-11-19 12:00:00.000000','2026-11-19 12:00:00.000000',NULL,0,'',0,NULL);
INSERT INTO source_states VALUES('visits','{"size": 356, "mtime": 1793000000000000000, "options": "06b7624f2f6627ba6581a60941cc98bc", "content": "db2ecc3e82ccac37bcd582bf568621e8"}','2026-11-19 12:31:00.000000','2026-11-19 12:31:00.000000',NULL,0,'',0,NULL);
CREATE TABLE team_models (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	at DATETIME NOT NULL, 
	kind TEXT NOT NULL, 
	state TEXT NOT NULL, 
	model TEXT NOT NULL, 
	figures TEXT NOT NULL
);
INSERT INTO team_models VALUES(1,'2026-11-15 02:00:00.000000','problem','few','','{"verdicts":12}');
INSERT INTO team_models VALUES(2,'2026-11-16 02:00:00.000000','problem','off','','{}');
INSERT INTO team_models VALUES(3,'2026-11-17 02:00:00.000000','problem','worse','','{"labels":120,"needed":51,"team":{"precision":0.4,"recall":0.667,"auc":0.51},"shipped":{"precision":0.44,"recall":0.725,"auc":0.504},"aim":0.7,"verdicts":120}');
INSERT INTO team_models VALUES(4,'2026-11-17 02:00:00.000000','stage','worse','','{"corrections":120,"left":0,"right":0,"shipped":0,"changed":3,"changed_right":0,"stages":["purchase","support","use"],"verdicts":120}');
INSERT INTO team_models VALUES(5,'2026-11-18 02:00:00.000000','problem','active','{"bias":-1.528185,"labels":120,"measures":{"balance":1.538621,"compound":-1.106684,"neg":0.890613,"pos":-0.648008,"problem":2.623004},"terms":{"again":[2.03459,-0.505875],"blue":[3.023202,-1.283154],"blue door":[3.023202,-1.283154],"chair":[3.08774,-1.215006],"chair again":[3.84988,-0.783579],"chair today":[3.84988,-0.542213],"cold":[3.310884,0.826636],"cold again":[3.598566,0.474171],"cold there":[4.409496,0.519905],"door":[3.023202,-1.283154],"door again":[3.716349,-0.869907],"door there":[4.004031,-0.442781],"door today":[4.409496,-0.351771],"frozen":[3.493205,0.815008],"frozen again":[4.409496,0.249333],"frozen today":[4.004031,0.550286],"green":[3.397895,-0.948466],"green lawn":[3.397895,-0.948466],"hall":[3.598566,-0.287495],"hall there":[4.186353,-0.138271],"hall today":[4.409496,-0.125237],"jam":[3.08774,1.553635],"jam there":[3.84988,0.929487],"jam today":[3.84988,0.819999],"kiosk":[3.08774,1.553635],"kiosk jam":[3.08774,1.553635],"lawn":[3.397895,-0.948466],"lawn there":[4.186353,-0.384174],"lawn today":[4.004031,-0.522298],"lost":[3.310884,0.477641],"lost again":[4.186353,0.150973],"lost there":[4.186353,0.271636],"lost today":[4.409496,0.190995],"nice":[3.156733,-0.378121],"nice walk":[3.156733,-0.378121],"oven":[3.310884,0.826636],"oven cold":[3.310884,0.826636],"queue":[3.023202,0.453794],"queue stuck":[3.023202,0.453794],"soft":[3.08774,-1.215006],"soft chair":[3.08774,-1.215006],"stuck":[3.023202,0.453794],"stuck again":[3.84988,0.167121],"stuck there":[4.409496,0.173503],"stuck today":[3.84988,0.259277],"there":[2.132229,0.374129],"till":[3.493205,0.815008],"till frozen":[3.493205,0.815008],"today":[2.082218,0.118586],"voucher":[3.310884,0.477641],"voucher lost":[3.310884,0.477641],"walk":[3.156733,-0.378121],"walk again":[4.186353,-0.218383],"walk there":[3.84988,-0.165316],"walk today":[4.409496,-0.10881],"warm":[3.598566,-0.287495],"warm hall":[3.598566,-0.287495]}}','{"labels":120,"needed":60,"team":{"precision":1.0,"recall":0.783,"auc":1.0},"shipped":{"precision":0.781,"recall":0.833,"auc":0.887},"aim":0.8,"verdicts":120}');
INSERT INTO team_models VALUES(6,'2026-11-18 02:00:00.000000','stage','active','{"biases":[0.0,0.215994],"corrections":120,"margin":0.1,"measured":[120,0,120],"measures":{"balance":[0.0,1.536872],"compound":[0.0,-1.105083],"neg":[0.0,0.884954],"pos":[0.0,-0.651918],"problem":[0.0,2.626251],"stage unsure":[0.0,2.9e-05]},"stages":["awareness","purchase"],"terms":{"again":[2.03459,[0.0,-0.510849]],"blue":[3.023202,[0.0,-1.286262]],"blue door":[3.023202,[0.0,-1.286262]],"chair":[3.08774,[0.0,-1.217984]],"chair again":[3.84988,[0.0,-0.782367]],"chair today":[3.84988,[0.0,-0.545462]],"cold":[3.310884,[0.0,0.825885]],"cold again":[3.598566,[0.0,0.472766]],"cold there":[4.409496,[0.0,0.520626]],"door":[3.023202,[0.0,-1.286262]],"door again":[3.716349,[0.0,-0.86611]],"door there":[4.004031,[0.0,-0.44728]],"door today":[4.409496,[0.0,-0.355856]],"frozen":[3.493205,[0.0,0.813794]],"frozen again":[4.409496,[0.0,0.249986]],"frozen today":[4.004031,[0.0,0.54823]],"green":[3.397895,[0.0,-0.950375]],"green lawn":[3.397895,[0.0,-0.950375]],"hall":[3.598566,[0.0,-0.29031]],"hall there":[4.186353,[0.0,-0.138805]],"hall today":[4.409496,[0.0,-0.126132]],"jam":[3.08774,[0.0,1.55347]],"jam there":[3.84988,[0.0,0.929376]],"jam today":[3.84988,[0.0,0.822318]],"kiosk":[3.08774,[0.0,1.55347]],"kiosk jam":[3.08774,[0.0,1.55347]],"lawn":[3.397895,[0.0,-0.950375]],"lawn there":[4.186353,[0.0,-0.385336]],"lawn today":[4.004031,[0.0,-0.520946]],"lost":[3.310884,[0.0,0.475319]],"lost again":[4.186353,[0.0,0.148906]],"lost there":[4.186353,[0.0,0.270461]],"lost today":[4.409496,[0.0,0.191318]],"nice":[3.156733,[0.0,-0.379697]],"nice walk":[3.156733,[0.0,-0.379697]],"oven":[3.310884,[0.0,0.825885]],"oven cold":[3.310884,[0.0,0.825885]],"queue":[3.023202,[0.0,0.453373]],"queue stuck":[3.023202,[0.0,0.453373]],"soft":[3.08774,[0.0,-1.217984]],"soft chair":[3.08774,[0.0,-1.217984]],"stuck":[3.023202,[0.0,0.453373]],"stuck again":[3.84988,[0.0,0.16461]],"stuck there":[4.409496,[0.0,0.174704]],"stuck today":[3.84988,[0.0,0.260204]],"there":[2.132229,[0.0,0.370724]],"till":[3.493205,[0.0,0.813794]],"till frozen":[3.493205,[0.0,0.813794]],"today":[2.082218,[0.0,0.115957]],"voucher":[3.310884,[0.0,0.475319]],"voucher lost":[3.310884,[0.0,0.475319]],"walk":[3.156733,[0.0,-0.379697]],"walk again":[4.186353,[0.0,-0.221281]],"walk there":[3.84988,[0.0,-0.164459]],"walk today":[4.409496,[0.0,-0.108942]],"warm":[3.598566,[0.0,-0.29031]],"warm hall":[3.598566,[0.0,-0.29031]]}}','{"corrections":120,"left":0,"right":120,"shipped":0,"changed":120,"changed_right":120,"stages":["awareness","purchase"],"verdicts":120}');
CREATE TABLE verdicts (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	feedback_id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	value TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT fk_verdicts_feedback_id_feedback FOREIGN KEY(feedback_id) REFERENCES feedback (id) ON DELETE CASCADE, 
	CONSTRAINT uq_verdicts_feedback_id_kind_actor UNIQUE (feedback_id, kind, actor)
);
INSERT INTO verdicts VALUES(1,28,'useful','user:U0ANNA0001','yes','2026-11-09 14:30:00.000000');
INSERT INTO verdicts VALUES(10,52,'sentiment','cli:dana','negative','2026-11-12 10:10:11.000000');
INSERT INTO verdicts VALUES(11,57,'useful','user:U0ANNA0001','no','2026-11-13 11:10:00.000000');
INSERT INTO verdicts VALUES(12,57,'useful','cli:dana','no','2026-11-13 11:10:02.000000');
INSERT INTO verdicts VALUES(13,51,'useful','cli:dana','yes','2026-11-14 09:05:06.000000');
INSERT INTO verdicts VALUES(14,78,'useful','user:U0BERT0002','yes','2026-11-19 12:05:03.000000');
INSERT INTO verdicts VALUES(15,79,'useful','user:U0BERT0002','yes','2026-11-19 12:05:03.000000');
INSERT INTO verdicts VALUES(2,29,'useful','user:U0ANNA0001','yes','2026-11-09 14:30:00.000000');
INSERT INTO verdicts VALUES(3,30,'useful','user:U0BERT0002','yes','2026-11-10 10:00:00.000000');
INSERT INTO verdicts VALUES(4,31,'useful','user:U0BERT0002','yes','2026-11-10 10:00:00.000000');
INSERT INTO verdicts VALUES(5,32,'useful','user:U0BERT0002','yes','2026-11-10 10:00:00.000000');
INSERT INTO verdicts VALUES(6,33,'useful','user:U0BERT0002','yes','2026-11-10 10:00:00.000000');
INSERT INTO verdicts VALUES(7,52,'useful','user:U0CARLA003','yes','2026-11-12 10:10:09.000000');
INSERT INTO verdicts VALUES(8,52,'sentiment','user:U0CARLA003','mixed','2026-11-12 10:10:09.000000');
INSERT INTO verdicts VALUES(9,52,'stage','user:U0CARLA003','support','2026-11-12 10:10:09.000000');
CREATE INDEX ix_feedback_at ON feedback (at);
CREATE INDEX ix_feedback_source_id_at ON feedback (source_id, at);
CREATE INDEX ix_alerts_rule_id_group_key_opened_at ON alerts (rule_id, group_key, opened_at);
CREATE INDEX ix_alerts_status ON alerts (status);
CREATE INDEX ix_matches_alert_id ON matches (alert_id);
CREATE INDEX ix_alert_events_alert_id ON alert_events (alert_id);
CREATE INDEX ix_alert_events_feedback_id ON alert_events (feedback_id);
CREATE INDEX ix_deliveries_alert_id ON deliveries (alert_id);
CREATE INDEX ix_deliveries_merged_into ON deliveries (merged_into);
CREATE INDEX ix_deliveries_state_channel_not_before ON deliveries (state, channel, not_before);
CREATE INDEX ix_source_gaps_source_id_since ON source_gaps (source_id, since);
CREATE INDEX ix_inbox_due_at ON inbox (due_at);
CREATE INDEX ix_inbox_done_at ON inbox (done_at);
CREATE INDEX ix_similar_texts_seen_at ON similar_texts (seen_at);
CREATE INDEX ix_alerts_next_at ON alerts (next_at);
CREATE INDEX ix_alerts_assignee ON alerts (assignee);
CREATE INDEX ix_replies_state_not_before ON replies (state, not_before);
CREATE INDEX ix_replies_alert_id ON replies (alert_id);
CREATE INDEX ix_replies_feedback_id ON replies (feedback_id);
CREATE INDEX ix_answered_source_id_author ON answered (source_id, author);
CREATE INDEX ix_answered_alert_id ON answered (alert_id);
CREATE INDEX ix_deliveries_message_id ON deliveries (message_id);
CREATE VIRTUAL TABLE feedback_words USING fts5(
            words, content='', columnsize=0, detail=none, tokenize='unicode61 remove_diacritics 0');
DELETE FROM feedback_words_data;
INSERT INTO feedback_words_data VALUES(1,X'578475');
INSERT INTO feedback_words_data VALUES(10,X'00000000020A3D000A0201010101010301010401010501010601010701010801010901010A01010000');
INSERT INTO feedback_words_data VALUES(1099511627777,X'00000034023061570103666F72570106706C65617365570106726566756E6457010374686557020569636B657457020372616D5704040609090608');
INSERT INTO feedback_words_data VALUES(1236950581249,X'00000034023061580103627573580103666F72580106706C65617365580106726566756E6458010374686558020569636B65745804040606090906');
INSERT INTO feedback_words_data VALUES(1374389534721,X'00000035023061590104626F6174590103666F72590106706C65617365590106726566756E6459010374686559020569636B65745904040706090906');
INSERT INTO feedback_words_data VALUES(137438953473,X'000000180430616E644E0104727564654E0104736C6F774E040607');
INSERT INTO feedback_words_data VALUES(274877906945,X'000006AB02303148020331313138020632333435363724010101020101010333343124010101020101010434313131380201392401010102010101016101180B01010101010101030708010101010101010101010204626F75742C030F0101010101010101010203636D65061001041A0102066464726573731802046761696E3A0206027374350303656E740F02046C6572744803036C6573090302736F1F010102016E3103016404010A010E140503056F7468657249030673776572656410180701733702027070010219010610020272651D020174170521020576617564753401046261636B2706050B03026E6B480208656469656E756E670803027374330503656E730902036F6C6448030178390204726561643F03046F6B656E39010463616B654303026C6C24010101020101050265642D03026D653903046E63656C1104036E6F741E030272641C0106150302736524010101010101010405686261636B4A020568616E67651805036E656C480404726765642E0401740F01030665636B6F75741C02056F666665654103026C643A03020472617368011B0602656403070173011B010602077573746F6D65722C031E010564616E6B6509030274650E0301790302036561722C031E0301720702016F1803026573130302776E1E01010101020672657364656E3B020275652B010465617379120203646974280201693402037665722D060501791A0201060302696C0D3B020678616D706C650D0F2C030770656E736976650B010466696E652202036F6F643A0301720B0B0901010D0F01010101010101010101020403676F7403040274791002067265657A657332030669656E646C790503026F6D360104676572641C0102036F6F64050204726561740C02027574070101681F02036172641105026C793502036561723603036C6C6F160401701305017314030272650E0C082605020269733D02016E1B02046F75736506030177180204747470730D3B0208797065726C696E6B0D01016901010109040804010104010101010101010101070C01010101010101010102016E1E1D02017302090B0102050101010115130302017402090105080301060F011701066A616D6D656404020475696365440501046B696E640F03036F736B0401056C616767791A03066E6773616D6508030273741C0106030274653701030577737569743504037965723602056F636B6564260301671E03026E674703027374250A03027665330204756E63681701046D6164651B0302696C1C03016E3D0201651C0301010C0205696E757465190701731003057373696E674A02016F1F03036E65792401010101010101070B10030376657306020375636833030374746134020179180401060F04011301056E6576657202030877736C65747465720202036963651503026C732002016F0E0304626F6479101D0A0301741301026F661C010602016B1502026C643103076C656E6B61616E3402016E1A02047264657237020374746F2102027574040104706167651A0303737461450301791C010602046C6163651601017120020875657374696F6E7316030369636B050A010172210207616B617374616E3402036561642204036C6C79190307636F6D6D656E64020A0A02656402030466756E64240101010101010105010D01010101010101010101010102036963654603036768741D02037564653B01010573616C61644003026D651A03086E6477696368657304020363616E01030472697074480203656E742804040203686F771B0204696E63651C0106030274651E0101010102036C6F77021702016F3303026C640403026D650303036E73740703037272792C03030275703D01030676656C6C7573340204746166663B0303696C6C1F01011703036F72793116020575726B656134010574616B6573190202656142020468616E6B33030165010101010B07060101010101020D0306040C0401792803026973160203696C6C3D03026D651C010603037363680702016F1103016F0B0204726965642A0204776963652E010A7530616E6E61303030314802026E6408030A667265756E646C6963680803047375726529020570646174651C0106010576616C75650C02036572794702026F693403057563686572012D01077761636B656C7407030469746564100501732403026E742401010101010101070C0101010101010101010501733D0301730F020201651B15030272650402036861740B170302656E010202056964676574190701731B03026C6C36030274681C010602086F6E64657266756C0512030177330103796F751D1303040172480501047A32337A170302627A240101010201011D020334307A1C2C0404060F0C070A1A120B09080506070607040A080A040A0506080A050B050606040707070B05050706080C08080607050908060805070C080504080404050909050706040707060B0A070615060509090508060705040605060604040905040704080B2105100E090807060809070608060804050605070705040808040804100606060B080B06050409040704050A0407060507060607040B07040A06060B051D06060708050B060708060909070405050607060907090708080507150405060706040407070D050D070A080605090A070417040505050706080405070C040805070C');
INSERT INTO feedback_words_data VALUES(412316860417,X'000000140630616761696E4F01056E657665724F0408');
INSERT INTO feedback_words_data VALUES(549755813889,X'00000019053066696E655001057468616E6B500103796F7550040708');
INSERT INTO feedback_words_data VALUES(687194767361,X'000000750230615102017452010463616665520103646179510103676574510101695102016E5201076C6569707A696752010A6E6577736C65747465725102036963655201096F74686572776973655201067461626C6573520202686551020477696365510106776F62626C65520104796F75725204040407060604040A0D060C09050709');
INSERT INTO feedback_words_data VALUES(824633720833,X'000000C30430333431540102343954010737363534333231540101615502027070530102017454010763726173686573540103666F725502067265657A657353020101695302020174530201036D6170530205696E757465550201795401066E65776573745401036F6C645402016E5301020370656E55010470616765550204686F6E65540106726F7461746553010673637265656E53020474617274540103746865530101010677616C6C657455020368656E550504657665725301047A32627A540406050A0406040A060A050506080409060506070709090708090607');
INSERT INTO feedback_words_data VALUES(962072674305,X'0000001E033069735601026D795601056F7264657256010577686572655604050508');
DELETE FROM feedback_words_idx;
INSERT INTO feedback_words_idx VALUES(1,X'',2);
INSERT INTO feedback_words_idx VALUES(10,X'',2);
INSERT INTO feedback_words_idx VALUES(2,X'',2);
INSERT INTO feedback_words_idx VALUES(3,X'',2);
INSERT INTO feedback_words_idx VALUES(4,X'',2);
INSERT INTO feedback_words_idx VALUES(5,X'',2);
INSERT INTO feedback_words_idx VALUES(6,X'',2);
INSERT INTO feedback_words_idx VALUES(7,X'',2);
INSERT INTO feedback_words_idx VALUES(8,X'',2);
INSERT INTO feedback_words_idx VALUES(9,X'',2);
DELETE FROM feedback_words_config;
INSERT INTO feedback_words_config VALUES('version',4);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('feedback',89);
INSERT INTO sqlite_sequence VALUES('matches',88);
INSERT INTO sqlite_sequence VALUES('alerts',52);
INSERT INTO sqlite_sequence VALUES('alert_events',258);
INSERT INTO sqlite_sequence VALUES('verdicts',15);
INSERT INTO sqlite_sequence VALUES('replies',11);
INSERT INTO sqlite_sequence VALUES('team_models',6);
COMMIT;
